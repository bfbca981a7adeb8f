/**
 * What the workflows in `.github/workflows` run for one environment, word for word: in a shell, with the
 * variables that are named here. The rehearsal runs the same, so that none of it runs for the first time on a
 * day when production waits.
 */
export const pipelineCommands = {
  /** `PLAN_OPTIONS` is empty, or `--allow-data-loss`. */
  plan: 'npm run -s plan -- "$ENVIRONMENT" --out plan/plan.md $PLAN_OPTIONS',
  /** Plans again after the approval, and refuses what was not approved. */
  planReviewed: 'npm run -s plan -- "$ENVIRONMENT" --allow-data-loss --reviewed plan/plan.json',
  /** `DEPLOY_OPTIONS` is empty, or `--skip-provider-lock` where a mirror delivers the provider. */
  deploy:
    'npm run -s cdktf -- deploy "$ENVIRONMENT" --auto-approve --outputs-file outputs.json $DEPLOY_OPTIONS',
} as const;
