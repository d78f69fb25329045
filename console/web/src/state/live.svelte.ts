/** The line to the server: entries in, presence both ways, and how it stands. */

import type { io as Io, Socket } from 'socket.io-client';
import { comeBackLater } from '../desk/comeback';
import { Feed, type StreamTail } from '../desk/feed';
import { Presence, Pulse, type Person } from '../desk/presence';
import type { At, Entry } from '../desk/rows';
import { tellOfDrafting } from '../drafting/notices';
import { hear } from '../notices/telling.svelte';
import { hearBroadcast } from './broadcasts.svelte';
import { outbox } from './sending.svelte';
import { loadEverything, refreshCounts } from './inbox.svelte';
import { place } from './place.svelte';
import { loadHouse, mayComeAgain, signed } from './session.svelte';
import { bring } from './settings.svelte';
import { shelve } from './shelf.svelte';
import { looksSilently } from './silent';
import { hearWhisper } from './whispers.svelte';

type Link = 'connecting' | 'online' | 'again';

const RESUME_PATIENCE_MS = 8000;
const BEAT_MS = 1000;

class Live {
  link: Link = $state('connecting');
  syncedAt: number | null = $state(null);
  /** How many journal entries were applied, for what is counted anew when something happens. */
  heard = $state(0);
  #people = $state(0);
  #presence = new Presence();

  others(conversationId: string): Person[] {
    void this.#people;
    return this.#presence.others(conversationId, signed.me);
  }

  isAt(conversationId: string): boolean {
    return this.#presence.isAt(conversationId, signed.me);
  }

  told(conversationId: string, people: Person[]): void {
    this.#presence.told(conversationId, people);
    this.#people += 1;
  }

  cut(): void {
    if (this.link === 'online') this.link = 'again';
    this.#presence.forget();
    this.#people += 1;
  }
}

export const live = new Live();
const pulse = new Pulse();

/** The operator presses keys in the composer of the open talk. */
export const iWrite = (): void => pulse.wrote(Date.now());
export const iStopped = (): void => pulse.stopped();

let io: typeof Io;

/** The code of the line: the first rows can be read before it is there. */
export async function fetchLine(): Promise<void> {
  ({ io } = await bring(() => import('socket.io-client')));
}

/** The line has to be fetched. Follow the server from the snapshot's place until the returned function is called. */
export function connect(at: At): () => void {
  const socket = io({
    transports: ['websocket'],
    withCredentials: true,
    reconnectionDelayMax: 5000,
  });
  const feed = new Feed(
    { resume: (streams) => resume(socket, streams) },
    { apply, snapshot: loadEverything, synced },
  );
  feed.start(at);
  listen(socket, feed);
  const stopWaking = wakeUp(socket, feed);
  const stayAway = comeBackLater(socket, Math.random);
  const beat = setInterval(() => tellPresence(socket), BEAT_MS);
  return () => {
    clearInterval(beat);
    stopWaking();
    stayAway();
    socket.disconnect();
  };
}

function listen(socket: Socket, feed: Feed): void {
  socket.on('connect', () => {
    pulse.reconnected();
    void feed.catchUp();
  });
  socket.on('disconnect', (reason) => {
    live.cut();
    if (reason === 'io server disconnect') void comeAgain(socket);
  });
  socket.on('connect_error', () => {
    live.link = live.link === 'online' ? 'again' : live.link;
  });
  socket.on('entry', (entry: Entry) => feed.receive(entry));
  socket.on('head', (heads: At) => feed.check(heads));
  socket.on('house', () => void loadHouse().then(() => feed.startOver()));
  socket.on('presence', (told: { conversation_id: string; operators: Person[] }) =>
    live.told(told.conversation_id, told.operators),
  );
}

/** The server let go of us: signed out, locked out, or with a new session (another password). */
async function comeAgain(socket: Socket): Promise<void> {
  if (await mayComeAgain()) socket.connect();
}

async function resume(socket: Socket, streams: At): Promise<Record<string, StreamTail>> {
  const answer = (await socket.timeout(RESUME_PATIENCE_MS).emitWithAck('resume', { streams })) as {
    streams: Record<string, StreamTail>;
  };
  return answer.streams;
}

function synced(isSynced: boolean): void {
  if (!isSynced) return;
  live.link = 'online';
  live.syncedAt = Date.now();
  refreshCounts();
}

function apply(entry: Entry): void {
  shelve((rows) => rows.apply(entry));
  live.heard += 1;
  for (const message of [entry.payload.message ?? []].flat())
    if (message.client_msg_id) void outbox.arrived(message.client_msg_id, message);
  if (entry.payload.conversation) refreshCounts();
  hearWhisper(entry);
  hearBroadcast(entry);
  hear(entry);
  tellOfDrafting(entry);
}

/** A machine that slept, or a line that came back, may have missed everything. */
function wakeUp(socket: Socket, feed: Feed): () => void {
  const wake = () => {
    if (document.visibilityState === 'hidden') return;
    if (socket.connected) void feed.catchUp();
    else socket.connect();
  };
  const cut = () => live.cut();
  document.addEventListener('visibilitychange', wake);
  addEventListener('online', wake);
  addEventListener('offline', cut);
  return () => {
    document.removeEventListener('visibilitychange', wake);
    removeEventListener('online', wake);
    removeEventListener('offline', cut);
  };
}

function tellPresence(socket: Socket): void {
  if (!socket.connected) return;
  const isVisible = document.visibilityState === 'visible';
  const signal = pulse.beat(place.talk, isVisible, Date.now(), looksSilently());
  if (signal !== null) socket.emit('presence', signal);
}
