/**
 * What the workflows in `.github/workflows` run for one environment, word for word: in a shell, with the
 * variables that are named here. The rehearsal runs the same, so that none of it runs for the first time on a
 * day when production waits.
 */
export const pipelineCommands = {
  /**
   * `PLAN_OPTIONS` is empty; `--allow-data-loss`; of a pull request `--no-refresh`, so that its code needs no right
   * but to read the state; of the nightly look for drift `--expect-unchanged`.
   */
  plan: 'npm run -s plan -- "$ENVIRONMENT" --out plan/plan.md $PLAN_OPTIONS',
  /** Plans again after the approval, refuses what was not approved, and applies that very plan. */
  deploy:
    'npm run -s plan -- "$ENVIRONMENT" --allow-data-loss --reviewed plan/plan.json --apply --outputs-file outputs.json',
} as const;
