# The front door: every target is one `reprise` command, which `local/bootstrap` makes runnable.
REPRISE := local/bootstrap
.DEFAULT_GOAL := help
.PHONY: help run stop reset status install doctor logs tick invoke keys-rotate keys-retire redrive test test-servers test-stop check openapi clients docs bench soak

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## Install, start, deploy, seed, play the journey; leaves it running (ATTACH=1: Docker's)
	@$(REPRISE) run $(if $(ATTACH),--attach)

stop: ## End every process that `make run` started, and nothing else
	@$(REPRISE) stop

reset: ## Stop, and delete the stack's data (the installed tools stay)
	@$(REPRISE) reset

status: ## Show what runs, every URL and login
	@$(REPRISE) status

install: ## Install everything that `make run` needs, start nothing
	@$(REPRISE) install

doctor: ## Check the machine: versions, tools, ports
	@$(REPRISE) doctor

logs: ## Follow the logs of all functions; FN=stream/record_progress or CORRELATION=id filter
	@$(REPRISE) logs $(if $(FN),--function $(FN)) $(if $(CORRELATION),--correlation $(CORRELATION))

tick: ## Fire the flush planner and the collector of revocations now, not at their next minute
	@$(REPRISE) tick

invoke: ## Run one handler here, in a fresh process: FN=<area>/<name> EVENT=events/samples/x.json
	@$(REPRISE) invoke $(FN) $(EVENT)

keys-rotate: ## Let a new key sign access tokens; those of the old one stay good (STAGE=staging)
	@$(REPRISE) keys rotate $(if $(STAGE),--stage $(STAGE))

keys-retire: ## Drop the old key once none of its tokens can be left (STAGE=staging)
	@$(REPRISE) keys retire $(if $(STAGE),--stage $(STAGE))

redrive: ## Bring quarantined items back into the flush
	@$(REPRISE) redrive

test: ## Everything, on servers of its own beside a running stack; ARGS="-k name" goes to pytest
	@$(REPRISE) test -- $(ARGS)

test-servers: ## Start the private test servers and leave them; WITH_CLOUD=1 deploys there too
	@$(REPRISE) test-servers $(if $(WITH_CLOUD),--with-cloud)

test-stop: ## End the private test servers
	@$(REPRISE) stop --stack test

check: ## ruff, mypy and import-linter
	@$(REPRISE) check

openapi: ## Write docs/api/openapi.json anew from the handlers
	@$(REPRISE) openapi

clients: ## Generate the TypeScript and Python clients anew from docs/api/openapi.json
	@$(REPRISE) clients

docs: ## Serve the API's docs page on loopback; PORT=8080 chooses, else any that is free
	@$(REPRISE) docs $(if $(PORT),--port $(PORT))

bench: ## Measure everything and rewrite bench/results.md; ARGS="flush --quick" chooses
	@$(REPRISE) bench -- $(or $(ARGS),--write)

soak: ## A day's load in miniature: write reduction, lag, memory, and nothing lost
	@$(REPRISE) soak -- $(ARGS)
