/** Where the local run keeps an environment's data, from the repository's root. */
export const LOCAL_DATA_FOLDER = ".local";

/** In its data folder: what each function has written, `<function>.jsonl`, and before that `<function>.jsonl.1` and on. */
export const LOCAL_LOGS_FOLDER = "logs";

/** The file in its data folder by which a local run is found; it is gone when the run is. */
export const LOCAL_RUN_FILE = "run.json";

/** What stands in it. */
export interface LocalRunFacts {
  /** The process; where there is no such process any more, the file is stale. */
  readonly pid: number;
  /** The environment's name. */
  readonly environment: string;
  /** Of the HTTP API. */
  readonly url: string;
  /** Where the AWS services answer. */
  readonly cloudUrl: string;
  /** What they know an operator by: a secret of this run's. */
  readonly accessKeyId: string;
  readonly region: string;
  /** The stack's outputs, as Terraform names them. */
  readonly outputs: Readonly<Record<string, unknown>>;
}
