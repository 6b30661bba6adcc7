/** The typed client of the API: paths, bodies and answers as docs/api/openapi.json has them. */

import createClient, { type Client, type Middleware } from "openapi-fetch";

import type { components, paths } from "./schema.d.ts";

export type Schemas = components["schemas"];
export type Reprise = Client<paths>;

/** A refusal (RFC 9457), thrown by `must`. */
export class ProblemError extends Error {
  readonly problem: Schemas["Problem"];

  constructor(problem: Schemas["Problem"]) {
    super(`${problem.status} ${problem.title}: ${problem.detail}`);
    this.name = "ProblemError";
    this.problem = problem;
  }
}

/** Speaks to the API at `apiUrl`, stage included; `token` is asked for with every request. */
export function createReprise(apiUrl: string, token?: () => string | undefined): Reprise {
  const client = createClient<paths>({ baseUrl: apiUrl });
  const bearer: Middleware = {
    onRequest({ request }) {
      const known = token?.();
      if (known !== undefined) request.headers.set("Authorization", `Bearer ${known}`);
      return request;
    },
  };
  client.use(bearer);
  return client;
}

/** The data of an answer that has to be a success. */
export async function must<Data>(
  answer: Promise<{
    data?: Data | undefined;
    error?: Schemas["Problem"] | undefined;
    response: Response;
  }>,
): Promise<Data> {
  const { data, error, response } = await answer;
  if (error !== undefined) throw new ProblemError(error);
  if (data === undefined) throw new Error(`${response.status} without a body`);
  return data;
}
