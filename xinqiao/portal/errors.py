"""How the pages themselves refuse, before any domain is asked."""

from datetime import timedelta

from xinqiao.kernel.problems import Kind, Problem
from xinqiao.kernel.sayings import Saying


class TooManyTries(Problem):
    """A written limit on tries was reached; `wait` is how long until the next is heard."""

    type = "too-many-tries"
    kind = Kind.TOO_MUCH
    title = "尝试次数太多，请稍后再来"

    def __init__(self, detail: Saying, *, wait: timedelta) -> None:
        super().__init__(detail)
        self.wait = wait


class NotYourDesk(Problem):
    """The page belongs to another role."""

    type = "not-your-desk"
    kind = Kind.REFUSED
    title = "这个页面不在您的岗位范围内"


class NoBusinessYet(Problem):
    """A person of a business without a mandate for one."""

    type = "no-business-yet"
    kind = Kind.REFUSED
    title = "您还没有可以代办的企业"


class UploadTooLarge(Problem):
    type = "file-too-large"
    kind = Kind.TOO_MUCH
    title = "文件太大"


class FormIncomplete(Problem):
    """Something a page needs was left out or is not of its form."""

    type = "form-incomplete"
    kind = Kind.INVALID
    title = "还有内容没有填好"


class PasskeysNeedAName(Problem):
    """Browsers keep passkeys for a name, never for an address made of numbers."""

    type = "not-ready"
    kind = Kind.INVALID
    title = "通行密钥要用域名打开平台才能用；在本机请用 localhost"


class NoSuchPage(Problem):
    type = "not-found"
    kind = Kind.NOT_FOUND
    title = "没有找到这一页"
