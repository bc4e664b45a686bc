"""Why a change of the tree is refused, in the reader's words."""

from __future__ import annotations

from app.content.editing.refusals import EditRefused
from app.i18n import msgid
from app.web.context import translate

SENTENCES = {
    "unknown-node": msgid("没有“%(id)s”这项能力；它可能刚被删除或换了标识。"),
    "repeated-id": msgid("“%(id)s”出现了不止一次。请先在编辑器里改掉一个。"),
    "id-missing": msgid("请填写标识。"),
    "id-form": msgid("标识只能用小写字母、数字和单个连字符，以字母开头，最多 64 个字符；“%(id)s”不行。"),
    "id-taken": msgid("“%(id)s”已经是另一项能力的标识，请换一个。"),
    "name-missing": msgid("请填写中文名称。"),
    "needs-children": msgid("这一层的能力下面至少要有一项下级能力。"),
    "no-children-here": msgid("要素下面不能再有下级能力。"),
    "file-taken": msgid("已经有一个文件叫 %(name)s，请换一个标识。"),
    "into-itself": msgid("一项能力不能放到自己下面。"),
    "other-tier": msgid("只能移到同一层：上级必须在它现在的上级那一层。"),
    "last-child": msgid("这是 %(parent)s 下面的最后一项；请先在那里加一项，或删除整个上级。"),
    "heir-not-new": msgid("只有这份草稿里新加的要素能接过得分；“%(id)s”在已发布的版本里有自己的得分。"),
    "weight-negative": msgid("权重不能小于 0。"),
    "weights-zero": msgid("同一上级下面至少要有一项权重大于 0。"),
    "split-into-one": msgid("拆分至少要写两个要素。"),
    "merge-of-one": msgid("请选择至少一个要和它合并的要素。"),
    "not-an-element": msgid("“%(id)s”不是要素；只有要素能拆分或合并。"),
    "scale-ends": msgid("最高分必须大于最低分。"),
    "scale-step": msgid("每档必须大于 0，并且从最低分到最高分正好是整数档。"),
    "level-repeated": msgid("等级的分值要由低到高，每个分值只能写一次。"),
    "level-off-grid": msgid("这个分值不在量表的档上。"),
    "level-ends": msgid("最低分和最高分都要有自己的等级。"),
    "no-scale": msgid("文件里的量表读不出来；请先在编辑器里改好。"),
    "number-missing": msgid("请填写数字。"),
    "share-missing": msgid("请填写 0 到 1 之间的数。"),
    "share-above-one": msgid("请填写 0 到 1 之间的数。"),
    "provisional-above-publish": msgid("暂定的覆盖率不能高于可发布的。"),
    "roles-whole": msgid("请填写 1 或更大的整数。"),
    "tier-count": msgid("层级的数目在别处改过了；请重新打开这一页。"),
    "sheet-empty": msgid("“能力”表里没有一行。"),
    "tier-unknown": msgid("“%(found)s”不是这个框架的层级。"),
    "tier-jumped": msgid("这一行上面缺一层：层级“%(found)s”的行要放在它的上级下面。"),
    "elements-only": msgid("这一格只有要素才填。"),
    "yes-or-nothing": msgid("请填“是”，或者留空；不能是“%(found)s”。"),
    "tiers-changed": msgid("层级的行不能增删或调换；层数请在编辑器里改。"),
    "too-entangled": msgid("文件这一处的写法太特殊，表单改不了；请在编辑器里改。"),
}
OTHERWISE = msgid("这个改动做不了（%(code)s）。")
TREE_ROOT = msgid("（最上层）")


def refusal(refused: EditRefused) -> str:
    """Return why a change is refused, in the reader's language."""
    known = SENTENCES.get(refused.code)
    values = {**refused.values}
    if refused.code == "last-child" and not values.get("parent"):
        values["parent"] = translate(TREE_ROOT)
    return translate(known) % values if known else translate(OTHERWISE) % {"code": refused.code}
