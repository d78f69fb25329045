"""Real rows of broadcasts, each as far as somebody has to meet it."""

from functools import cached_property

from sqlmodel import Session

from storage.broadcasts import Written, create_draft
from storage.models.broadcasts import Broadcast, BroadcastChunk
from storage.models.talks import Conversation
from tests import given
from tests.security.talk_things import TalkThings


class BroadcastThings(TalkThings):
    """What one account sends to many, beside its talks."""

    def _broadcast(self, status: str) -> str:
        talk = self.talk  # so that there is a friend to reach

        def write(db: Session) -> str:
            account = db.get_one(Conversation, talk).account_id
            written = Written(self.mark, [{**given.HELLO, "text": self.mark}])
            made = create_draft(db, account, written, self._me(db), self.now)
            made.status, made.recipients = status, 0 if status in {"draft", "scheduled"} else 1
            made.send_at = None if status == "draft" else self.now
            made.began_at = self.now if made.recipients else None
            made.frozen_at = made.began_at
            return str(made.id)

        return str(self._write(write))

    @cached_property
    def broadcast(self) -> str:
        """A draft of one's own."""
        return self._broadcast("draft")

    @cached_property
    def scheduled_broadcast(self) -> str:
        return self._broadcast("scheduled")

    @cached_property
    def sending_broadcast(self) -> str:
        return self._broadcast("sending")

    @cached_property
    def paused_broadcast(self) -> str:
        return self._broadcast("paused")

    @cached_property
    def sent_broadcast(self) -> str:
        """Of one call it is not known whether LINE took it."""
        return self._broadcast("done")

    @cached_property
    def unknown_call(self) -> str:
        broadcast = self.sent_broadcast

        def write(db: Session) -> str:
            of_it = db.get_one(Broadcast, broadcast)
            of_it.unknown = 1
            chunk = BroadcastChunk(
                broadcast_id=broadcast,
                account_id=of_it.account_id,
                number=1,
                first_friend_id="a",
                last_friend_id="z",
                line_user_ids=["Usample"],
                size=1,
                retry_key=f"key-{self.number}",
                state="unknown",
                ended_at=self.now,
            )
            db.add_all([of_it, chunk])
            db.flush()
            return str(chunk.id)

        return str(self._write(write))
