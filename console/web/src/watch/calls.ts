/** The API's part for the supervisor's view and the reports. */

import type { Conversation, Note } from '../desk/rows';
import { api } from '../state/session.svelte';
import type { Asked } from './asked';
import type {
  Answer,
  AsideEvent,
  Board,
  Failure,
  FailuresAsked,
  Figure,
  Paged,
  Question,
  Report,
  ReportTalk,
  Sending,
  Upkeep,
} from './rows';

/** Where the API is asked: what is null or empty is left out. */
function at(path: string, asked: Record<string, string | null | undefined>): string {
  const given = Object.entries(asked).filter((pair): pair is [string, string] => Boolean(pair[1]));
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
}

const periodOf = ({ from, to, account }: Asked) => ({ from, to, account });

export interface Behind {
  figure: string;
  operator?: string;
}

/** One figure of one row; key null: of the whole. */
export interface Cell {
  figure: Figure;
  key: string | null;
}

export const calls = {
  board: (account: string | null) => api.call<Board>('GET', at('/watch', { account })),
  behindTile: (behind: Behind, account: string | null, after: string | null) =>
    api.call<Paged<Conversation>>('GET', at('/watch/talks', { ...behind, account, after })),
  failures: (asked: FailuresAsked, after: string | null) =>
    api.call<Paged<Failure>>(
      'GET',
      at('/watch/failures', { ...asked, days: String(asked.days), after }),
    ),
  giveUp: (delivery: number) => api.call<object>('POST', `/deliveries/${delivery}/give_up`, {}),
  aside: (account: string | null, after: string | null) =>
    api.call<Paged<AsideEvent>>('GET', at('/watch/aside', { account, after })),
  requeue: (event: number) => api.call<object>('POST', `/watch/aside/${event}/requeue`, {}),
  upkeep: () => api.call<Upkeep>('GET', '/upkeep'),
  changeSending: (account: string, sending: Sending) =>
    api.call<object>('PUT', `/accounts/${encodeURIComponent(account)}/sending`, sending),
  whisper: (talk: string, clientNoteId: string, text: string) =>
    api.call<Note>('POST', `/conversations/${encodeURIComponent(talk)}/whispers`, {
      client_note_id: clientNoteId,
      text,
    }),

  report: (asked: Asked) =>
    api.call<Report>('GET', at('/reports', { ...periodOf(asked), by: asked.by })),
  behind: (asked: Asked, { figure, key }: Cell, after: string | null) =>
    api.call<Paged<ReportTalk>>(
      'GET',
      at('/reports/talks', {
        ...periodOf(asked),
        figure,
        ...(key === null ? {} : { by: asked.by, key }),
        after,
      }),
    ),
  file: (asked: Asked) =>
    api.call<{ name: string; text: string }>('POST', '/reports/files', {
      ...periodOf(asked),
      by: asked.by,
    }),
  questions: (asked: Asked) =>
    api.call<{ items: Question[] }>('GET', at('/reports/questions', periodOf(asked))),
  /** value null: every answer; empty: those that are none of the choices. */
  answers: (asked: Asked, question: Question, value: string | null, after: string | null) =>
    api.call<Paged<Answer>>(
      'GET',
      at('/reports/questions/talks', {
        ...periodOf(asked),
        flow: question.flow,
        step: question.step,
        value,
        other: value === '' ? '1' : null,
        after,
      }),
    ),
  choose: (question: Question) =>
    api.call<object>('PUT', '/reports/satisfaction', {
      flow: question.flow,
      step: question.step,
    }),
  chooseNone: () => api.call<object>('DELETE', '/reports/satisfaction'),
};
