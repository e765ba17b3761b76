"""Does a commit's message tell what was done, beyond a stock word?"""

from __future__ import annotations

import re

_PREFIX = re.compile(
    r"(?:(?:feat|feature|fix|bugfix|hotfix|docs?|style|refactor|perf|tests?|build|ci|chore|revert|wip|update|add)"
    r"(?:\([^)]*\))?!?:|\[[^\]]{1,30}\]|:[a-z0-9_+-]+:|#?\d+[:.)-])\s*",
    re.IGNORECASE,
)
# What forges write when a file is changed through their web page.
_WEB_EDIT = re.compile(
    r"(?:create|update|delete|upload) (?:\S*[./]\S*|readme|license|dockerfile|makefile|procfile)|rename \S+ to \S+|"
    r"initial commit|add files via upload|merge (?:branch|pull request|remote-tracking branch) .*|revert \".*\"|"
    r"update from .*|apply suggestions from code review",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_ENGLISH = """
a about again all an and another any as at back basic been before better big bit bits bug bugfix bugs but by change
changed changes changing check checked checking checkin clean cleaned cleaning cleanup code codes commit commits
committed committing complete completed content correct corrected correction corrections create created creating
current day debug delete deleted deleting do done draft edit edited editing edits end error errors etc everything file
files final finalize finalized finally finish finished finishing first fix fixed fixes fixing folder for from full
general hello hey hi hotfix i improve improved improvement improvements improving in init initial initialize
initialized into is issue issues it its just last latest little local main major many master merge merged merging min
mini minor misc modification modifications modified modify more most move moved my new next nothing now of ok okay old
on one only other our out part please polish problem problems project push pushed pushing quick random readme
readme.md ready refactor refactored refactoring refresh release remove removed removing rename renamed repo repository
resolve resolved rest revert reverted review rework rewrite rewritten save saved second set setup several small so
solve solved some something sort stuff submission submit submitted sync temp temporary test testing tests that the
there these thing things third this those tidy tmp to today tweak tweaks typo typos up update updated updates updating
upload uploaded uploading version very via was web wip with work worked working works yes your asdf qwerty foo bar aaa
abc xxx try trying tried backup checkpoint
"""
# Spanish, Portuguese, French, German, Italian, Russian, Polish, Turkish, Indonesian.
_OTHERS = """
actualización actualizacion actualizar actualizado cambio cambios arreglo arreglos primer primero inicial avance
avances subida subir archivos archivo correcciones corrección proyecto prueba pruebas nuevo nueva versión atualização
atualizacao atualizando alteração alterações alteracoes ajuste ajustes primeiro projeto arquivos correções teste mise
jour à modification modif modifs correctif corrections premier ajout fichiers projet nouveau nouvelle version änderung
änderungen aenderungen aktualisierung aktualisiert korrektur korrekturen erster letzte dateien projekt neu
aggiornamento modifiche correzioni primo prova обновление обновил обновления правки изменения изменение исправления
исправил фикс фиксы первый коммит начальный проект тест файлы poprawki zmiany aktualizacja güncelleme güncellendi
düzeltme değişiklik ilk perbaikan pembaruan perubahan
"""
_STOCK = frozenset(_ENGLISH.split()) | frozenset(_OTHERS.split())
_STOCK_EAST_ASIAN = re.compile(
    "更新|更改|修改|修正|修复|修復|提交|初始化|初始|初次|首次|第一次|最终|最終|完成|测试|測試|添加|新增|删除|刪除|上传|上傳|文件|代码|代碼|项目|專案|版本|调整|優化|优化|"
    "コミット|変更|追加|削除|テスト|初期|ファイル|対応|最初の|の|を|업데이트|수정|변경|추가|삭제|커밋|초기|최초|테스트|파일|프로젝트"
)


def is_telling(subject: str) -> bool:
    """Whether ``subject``, in any language, names something beyond the stock words of commit messages.

    A ticket's number, an emoji, a conventional prefix (``fix:``), a date and a version tell nothing by themselves; nor
    does what a forge's web page writes on its own (``Update train.py``).
    """
    text = subject.strip()
    if _WEB_EDIT.fullmatch(text.rstrip(". ")):
        return False
    while prefix := _PREFIX.match(text):
        text = text[prefix.end() :]
    if len(_EAST_ASIAN.findall(_STOCK_EAST_ASIAN.sub("", text))) >= 2:
        return True
    words = [
        w for w in _WORD.findall(text.lower()) if len(w) > 1 and not re.fullmatch(r"v?[\d.:-]+(?:st|nd|rd|th)?", w)
    ]
    return any(w not in _STOCK and not _EAST_ASIAN.search(w) and len(set(w)) > 1 for w in words)
