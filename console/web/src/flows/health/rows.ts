/** What the API says of the bot's health. */

export interface RunFigures {
  begun: number;
  running: number;
  finished: number;
  dropped: number;
  cut_off: number;
  handed_off: number;
  called: number;
  median_s: number | null;
  p90_s: number | null;
}

/** Runs at one step; `wrong` counts answers. verb null: a step of another version. */
export interface StepFigures {
  step: string;
  verb: string | null;
  text: string;
  is_named: boolean;
  reached: number;
  here: number;
  on: number;
  left: number;
  cut_off: number;
  answered: number;
  retried: number;
  wrong: number;
  gave_up: number;
  timed_out: number;
  unanswered: number;
}

export interface FlowHealth {
  flow: string;
  title: string;
  file: string | null;
  version: number | null;
  versions: number[];
  published: number | null;
  days: number;
  since: string;
  runs: RunFigures;
  steps: StepFigures[];
}

export interface FlowSummary {
  id: string;
  title: string;
  version: number;
  file: string | null;
  runs: RunFigures;
  worst: StepFigures | null;
}

export interface BotHealth {
  items: FlowSummary[];
  days: number;
  since: string;
  unanswered: number;
  alone: number;
  longest_since: string | null;
  longest_id: string | null;
}

export interface FlowTalk {
  run_id: string;
  conversation_id: string;
  customer_name: string;
  flow_id: string;
  title: string;
  version: number;
  step: string | null;
  started_at: string;
  at: string;
  why: string | null;
  wrong: number;
  words: string | null;
}

export interface FlowTalkPage {
  items: FlowTalk[];
  next: string | null;
}
