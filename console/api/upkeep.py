"""How old the last backup is, and the last proof that one can be put back: for managers."""

from console.door import Asker, House, Row
from console.upkeep import is_old, read_upkeep
from storage import rows


def read(house: House, _asker: Asker) -> Row:
    """As this machine knows it; on several machines each knows of what was done on its own."""
    done, now = read_upkeep(house.settings.data_dir), house.clock()
    backup_at, tested_at = done.get("backup"), done.get("restore_test")
    return {
        "backup_at": rows.moment(backup_at),
        "restore_test_at": rows.moment(tested_at),
        "is_backup_old": is_old("backup", backup_at, now),
        "is_restore_test_old": is_old("restore_test", tested_at, now),
        "makes_its_own": house.settings.backup_dir is not None,
    }
