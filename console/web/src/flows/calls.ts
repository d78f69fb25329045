/** The API's part for flows, through the same door as everything else. */

import { Refusal } from '../desk/api';
import { api } from '../state/session.svelte';
import type {
  Check,
  Diff,
  FaqDraft,
  FileText,
  FlowPage,
  Foresight,
  Given,
  How,
  Newer,
  ReplayReport,
  TalkLine,
  TestReport,
  Trial,
  Version,
  VersionText,
} from './rows';

/** No file may be as long: of a longer text, its beginning is told as much by the checker. */
const LONGEST_CHECKED = 300_000;

const fileAt = (file: string) => `/flows/files/${file.split('/').map(encodeURIComponent).join('/')}`;
const flowAt = (flow: string) => `/flows/${encodeURIComponent(flow)}`;

export const calls = {
  list: () => api.call<FlowPage>('GET', '/flows'),
  read: (file: string) => api.call<FileText>('GET', fileAt(file)),
  write: (file: string, text: string, hash: string | null) =>
    api.call<FileText>('PUT', fileAt(file), { text, hash }),
  remove: (file: string, hash: string) => api.call<object>('DELETE', fileAt(file), { hash }),
  check: (file: string, text: string) =>
    api.call<Check>('POST', '/flows/check', { file, text: text.slice(0, LONGEST_CHECKED) }),
  talk: (file: string, text: string, given: Given, talk: TalkLine[]) =>
    api.call<Trial>('POST', '/flows/try', { file, text, given, talk }),
  test: (file: string, text: string) => api.call<TestReport>('POST', '/flows/test', { file, text }),
  diff: (file: string, text: string) => api.call<Diff>('POST', '/flows/diff', { file, text }),
  standing: (flow: string) =>
    api.call<{ standing: Record<string, number> }>('GET', `${flowAt(flow)}/standing`),
  foresee: (running: Record<string, How>, folderHash: string) =>
    api.call<Foresight>('POST', '/flows/foresee', { running, folder_hash: folderHash }),
  replay: (folderHash: string) =>
    api.call<ReplayReport>('POST', '/flows/replay', { folder_hash: folderHash }),
  publish: (
    note: string,
    running: Record<string, How>,
    acceptWarnings: boolean,
    folderHash: string,
  ) =>
    api.call<{ changed: string[] }>('POST', '/flows/publish', {
      note,
      running,
      accept_warnings: acceptWarnings,
      folder_hash: folderHash,
    }),
  learning: (days: number) =>
    api.call<{ items: FaqDraft[] }>('GET', `/faq/learning?days=${days}`),
  settle: (ids: number[]) => api.call<object>('POST', '/faq/learning/settle', { ids }),
  draft: (ids: number[]) => api.call<FileText>('POST', '/faq/learning/draft', { ids }),
  versions: (flow: string) => api.call<{ items: Version[] }>('GET', `${flowAt(flow)}/versions`),
  version: (flow: string, number: number) =>
    api.call<VersionText>('GET', `${flowAt(flow)}/versions/${number}`),
  foreseeRollback: (flow: string, number: number, running: How) =>
    api.call<Foresight>('POST', `${flowAt(flow)}/foresee`, { number, running }),
  rollBack: (flow: string, number: number, note: string, running: How) =>
    api.call<{ items: Version[] }>('POST', `${flowAt(flow)}/rollback`, { number, note, running }),
};

/** How the file is now, when a change was refused because somebody else was first. */
export function newerIn(error: unknown): Newer | null {
  if (!(error instanceof Refusal) || error.code !== 'stale') return null;
  const { text, hash } = error.details as unknown as Partial<Newer>;
  return text === undefined || hash === undefined ? null : { text, hash };
}
