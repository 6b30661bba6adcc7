/** A viewer's evening by the typed TypeScript client: sign in, report, see the row and the history.
 *
 * Takes the API's address, an account and a film as one JSON argument, and prints what it saw as JSON.
 */

import { createReprise, must, ProblemError, type Schemas } from "../../web/api/client.ts";

declare const process: { argv: string[] };

interface Told {
  apiUrl: string;
  email: string;
  password: string;
  film: string;
}

const told = JSON.parse(process.argv[2] ?? "") as Told;

let token: string | undefined;
const api = createReprise(told.apiUrl, () => token);

async function refused(): Promise<string> {
  try {
    await must(api.GET("/history"));
  } catch (error) {
    if (error instanceof ProblemError) return error.problem.type;
    throw error;
  }
  return "not refused";
}

const report: Schemas["Report"] = {
  videoId: told.film,
  playbackId: crypto.randomUUID(),
  seq: 1,
  act: 1,
  actKind: "start",
  playedSinceAct: 30,
  position: 930,
  state: "playing",
  eventTime: new Date().toISOString(),
  intervals: [[900, 930]],
};

const unauthenticated = await refused();
const signedIn = await must(
  api.POST("/auth/login", {
    body: {
      email: told.email,
      password: told.password,
      device: { id: "tv-1", type: "tv", name: "Living room" },
    },
  }),
);
token = signedIn.accessToken;
const progress = await must(api.POST("/stream/progress", { body: report }));
const row = await must(api.GET("/continue-watching"));
const history = await must(api.GET("/history", { params: { query: { limit: 1 } } }));

console.log(
  JSON.stringify({
    unauthenticated,
    profile: signedIn.profile?.id,
    moved: progress.moved,
    resumesAt: row.items[0]?.resumePosition,
    watched: history.items.map((viewing) => [viewing.videoId, viewing.position]),
  }),
);
