"""Is a message that tells something told from a stock word, in whatever language?"""

from __future__ import annotations

import pytest

from evaluator.signals.history.messages import is_telling


@pytest.mark.parametrize(
    "subject",
    [
        "Split the data before fitting the scaler",
        "fix: leakage in the encoder",
        "Fix off-by-one in window()",
        "Add requirements.txt",
        "feat(api): return probabilities",
        "#12: tune XGBoost",
        ":bug: handle empty baskets",
        "README: explain the target",
        "week 3: baseline model",
        "refactored training loop",
        "Corrige la fuga de datos del escalador",
        "Добавил кросс-валидацию",
        "修复数据泄漏",
        "添加混淆矩阵",
        "データ分割を修正",
        "교차 검증 추가",
        "إضافة التحقق المتقاطع",
    ],
)
def test_telling(subject: str) -> None:
    assert is_telling(subject)


@pytest.mark.parametrize(
    "subject",
    [
        "",
        ".",
        "...",
        "🎉",
        "update",
        "Update README.md",
        "Updated readme",
        "Update train.py",
        "Create app/main.py",
        "Rename a.py to b.py",
        "Delete data/old.csv",
        "Add files via upload",
        "Initial commit",
        "first commit",
        "fix",
        "fix: bugs",
        "minor changes",
        "small fix",
        "final version",
        "final final v2",
        "wip",
        "commit 3",
        "2024-05-01",
        "01.05.2024",
        "v1.2.3",
        "test",
        "hi",
        "aaa",
        "Finish project",
        "chore: update",
        "#42",
        "Merge branch 'main' of host:ada/project",
        "cambios",
        "Обновление",
        "更新",
        "提交",
        "修改代码",
        "更新README",
        "変更",
        "수정",
    ],
)
def test_stock(subject: str) -> None:
    assert not is_telling(subject)
