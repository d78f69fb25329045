/** What the API says of flows. */

export interface Counts {
  E: number;
  W: number;
  I: number;
}

export interface Problem {
  file: string;
  line: number;
  column: number;
  code: string;
  severity: 'E' | 'W' | 'I';
  message: string;
  hint: string;
  why: string;
  /** A misspelt word, and the one that was meant. */
  slip: { word: string; near: string } | null;
}

export interface Trigger {
  kind: string;
  texts: string[];
  match: string;
  delay_s: number | null;
}

export interface Version {
  number: number | null;
  title: string;
  note: string | null;
  operator_name: string | null;
  at: string;
}

export interface FlowRow {
  id: string;
  title: string;
  file: string | null;
  triggers: Trigger[];
  running: number;
  finished: number;
  dropped: number;
  handed_off: number;
  problems: Counts;
  published: Version | null;
  differs: boolean;
}

export interface OtherFile {
  file: string;
  kind: string;
  problems: Counts;
}

export interface FlowPage {
  items: FlowRow[];
  files: OtherFile[];
  problems: Problem[];
  folder_hash: string;
  is_shared_changed: boolean;
  since: string;
}

export interface FileText {
  file: string;
  text: string;
  hash: string;
}

/** A file as somebody else left it; both null: they deleted it. */
export interface Newer {
  text: string | null;
  hash: string | null;
}

export interface Node {
  step: string;
  verb: string;
  text: string;
  line: number;
  end_line: number;
  waits: boolean;
  is_named: boolean;
}

export interface Edge {
  source: string;
  target: string;
  kind: string;
  text: string;
}

export interface Picture {
  first: string;
  end: string;
  nodes: Node[];
  edges: Edge[];
}

export interface Keys {
  flow: string[];
  steps: Record<string, string[]>;
  way: string[];
  trigger: string[];
  types: string[];
}

export type Names = Record<string, string[]>;

export interface Check {
  problems: Problem[];
  summary: Counts;
  flow: string | null;
  title: string | null;
  triggers: Trigger[];
  picture: Picture | null;
  /** Of a card's file: what stands for it in lists, and LINE's contents. */
  card: { alt: string; contents: Record<string, unknown> } | null;
  names: Names;
  keys: Keys;
}

export type TalkLine = Record<string, unknown>;

export interface Given {
  name: string;
  now: string;
}

export interface TrialItem {
  who: string;
  kind: string;
  text: string;
  at: string;
  flex: Record<string, unknown> | null;
}

export interface TrialFrame {
  flow: string;
  title: string;
  step: string;
  phase: string;
  wrong: number;
  answers: { step: string; value: string; status: string | null }[];
  vars: Record<string, string>;
}

export interface TrialRun {
  flow: string;
  status: string;
  end: string | null;
  frames: TrialFrame[];
  timers: { name: string; at: string }[];
}

export interface Picker {
  kind: string;
  label: string;
  initial: string | null;
  min: string | null;
  max: string | null;
}

export interface Trial {
  now: string;
  items: TrialItem[];
  quick_replies: string[];
  picker: Picker | null;
  runs: TrialRun[];
  name: string;
  tags: string[];
  fields: Record<string, string>;
  status: string;
  people: string;
  queue: string | null;
  note: string;
  notified: string[];
  stop: { line: number; message: string } | null;
}

export interface TestCase {
  file: string;
  test: string;
  name: string;
  line: number;
  ok: boolean;
  failures: { line: number; message: string; key: string; expected: string; actual: string }[];
}

export interface TestReport {
  cases: TestCase[];
  problems: Problem[];
  summary: { passed: number; failed: number };
}

export interface DiffLine {
  kind: 'same' | 'old' | 'new' | 'gap';
  text: string;
  old: number | null;
  new: number | null;
}

export interface Diff {
  number: number | null;
  lines: DiffLine[];
}

/** What becomes of those in the middle when another version is published. */
export type How = 'finish' | 'move' | 'restart' | 'stop';

export interface Middle {
  flow: string;
  title: string;
  people: number;
  fates: Record<string, number>;
  whys: Record<string, number>;
}

export interface Foresight {
  changed: string[];
  middles: Middle[];
  warnings: Problem[];
}

export type ReplayGroup =
  | 'other_text'
  | 'other_tags'
  | 'other_end'
  | 'not_accepted'
  | 'diverged'
  | 'unknown';

export type ReplayCounts = Record<ReplayGroup | 'same' | 'runs', number>;

export interface ReplayExample {
  run: string;
  flow: string;
  group: ReplayGroup;
  turn: number;
  step: string;
  before: string;
  after: string;
  unknown_inputs: number;
}

export interface ReplayReport {
  flows: (ReplayCounts & { flow: string })[];
  examples: ReplayExample[];
  summary: ReplayCounts & { unknown_inputs: number };
}

export interface VersionText {
  number: number;
  title: string;
  text: string;
}

/** A customer's text that the FAQ did not answer by itself. */
export interface FaqQuestion {
  id: number;
  text: string;
  outcome: string;
  conversation_id: string;
  at: string;
}

/** What the FAQ could learn from questions that are alike. entry null: a new one. */
export interface FaqDraft {
  entry: string | null;
  entry_ask: string | null;
  ask: string[];
  answer: string | null;
  count: number;
  questions: FaqQuestion[];
}
