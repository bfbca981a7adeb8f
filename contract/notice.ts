/** What recovery says to whoever hears of alarms: an alarm's own text is fixed, and cannot name a status. */
export interface Notice {
  /** ASCII, at most 100 characters: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
  readonly subject: string;
  readonly text: string;
}
