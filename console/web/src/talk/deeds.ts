/** What happened with a customer beside talking, put into words: the event's kind and its values. */

import { isDeed, record } from '../desk/line';
import type { Message } from '../desk/rows';
import type { Say } from '../words/words';
import { findTalkWord, type SayTalk } from './words';

/** The words of a deed; null for what is a message. */
export function deedWords(message: Message, t: Say, w: SayTalk): string | null {
  if (!isDeed(message)) return null;
  if (message.kind === 'unfollow') return t('message.unfollowed');
  if (message.kind === 'follow')
    return t(message.content.isUnblocked === true ? 'message.refollowed' : 'message.followed');
  const word =
    findTalkWord(`deed.${message.kind}.${detailOf(message)}`) ??
    findTalkWord(`deed.${message.kind}`);
  return word === null ? w('deed.unknown', { kind: message.kind }) : w(word);
}

function detailOf({ kind, content }: Message): string {
  const { beacon, link, membership, things } = content;
  if (kind === 'accountLink') return String(record(link).result);
  return String(record(beacon ?? membership ?? things).type);
}
