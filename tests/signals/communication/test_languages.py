"""Documents are understood in each of the languages we know: one small README for each, asked all the questions."""

from __future__ import annotations

import pytest

from evaluator.facts.claims import Claims
from evaluator.facts.code import Code
from evaluator.facts.data_sources import DataSources
from evaluator.facts.model_work import ModelWork
from evaluator.facts.packaging import Packaging
from evaluator.facts.prose import Prose
from evaluator.facts.tree import Tree
from evaluator.signals.communication.dataset import data_documented
from evaluator.signals.communication.instructions import readme_install, readme_run
from evaluator.signals.communication.limitations import limitations_discussed
from evaluator.signals.communication.purpose import readme_purpose
from evaluator.signals.communication.results import readme_results
from tests.documents import known, level

TRAIN = (
    "import pandas as pd\nfrom sklearn.linear_model import LogisticRegression\n"
    "df = pd.read_csv('data/clients.csv')\nLogisticRegression().fit(df[['a']], df['b'])\n"
)
COMMANDS = ("```bash\npip install -r requirements.txt\n```", "```bash\npython train.py\n```")
# For each language: purpose, install, run, data, results, limitations, each as a heading and what stands below.
READMES = {
    "English": (
        (
            "# Churn\n\n## About\n\nThis project predicts which clients of a phone company will leave within a month, so that "
            "the sales team can call them in time."
        ),
        "## Installation",
        "## How to run",
        "## Data\n\nThe data come from [Kaggle](https://www.kaggle.com/datasets/a/b). They hold 7043 rows and 21 columns.",
        "## Results\n\nAccuracy on the test set: 0.87.",
        (
            "## Limitations\n\nThe model fails for clients of less than a month.\n\nThe sample is small and covers one country "
            "only."
        ),
    ),
    "Spanish": (
        (
            "# Abandono\n\n## Descripción\n\nEste proyecto predice qué clientes de una compañía telefónica se irán en el próximo "
            "mes, para que el equipo de ventas pueda llamarlos a tiempo. La predicción usa el historial de pagos y de llamadas."
        ),
        "## Instalación",
        "## Cómo ejecutar",
        (
            "## Conjunto de datos\n\nLos datos fueron obtenidos de [Kaggle](https://www.kaggle.com/datasets/a/b). El conjunto "
            "contiene 7043 registros y 21 columnas."
        ),
        "## Resultados\n\nExactitud en el conjunto de prueba: 0,87.",
        "## Limitaciones\n\nEl modelo no generaliza bien a clientes nuevos.\n\nLa muestra es pequeña y cubre un solo país.",
    ),
    "Portuguese": (
        (
            "# Evasão\n\n## Sobre o projeto\n\nEste projeto prevê quais clientes de uma empresa de telefonia vão sair no próximo "
            "mês, para que a equipe de vendas possa ligar para eles a tempo. A previsão usa o histórico de pagamentos e de chamados."
        ),
        "## Instalação",
        "## Como executar",
        (
            "## Base de dados\n\nOs dados foram obtidos do [Kaggle](https://www.kaggle.com/datasets/a/b). A base contém 7043 "
            "linhas e 21 colunas."
        ),
        "## Resultados\n\nAcurácia no conjunto de teste: 0,87.",
        "## Limitações\n\nO modelo não generaliza bem para clientes novos.\n\nA amostra é pequena e cobre um único país.",
    ),
    "French": (
        (
            "# Attrition\n\n## Présentation\n\nCe projet prédit quels clients d’un opérateur téléphonique vont partir dans le mois, "
            "afin que l’équipe commerciale puisse les appeler à temps. La prédiction repose sur l’historique des factures et des appels."
        ),
        "## Installation",
        "## Utilisation",
        (
            "## Jeu de données\n\nLes données proviennent de [Kaggle](https://www.kaggle.com/datasets/a/b). Le jeu contient 7043 "
            "lignes et 21 colonnes."
        ),
        "## Résultats\n\nExactitude sur le jeu de test : 0,87.",
        (
            "## Limites\n\nLe modèle ne généralise pas bien aux nouveaux clients.\n\nL’échantillon est petit et ne couvre qu’un "
            "seul pays."
        ),
    ),
    "German": (
        (
            "# Abwanderung\n\n## Überblick\n\nDieses Projekt sagt voraus, welche Kunden eines Telefonanbieters im nächsten Monat "
            "kündigen, damit der Vertrieb sie rechtzeitig anrufen kann. Grundlage sind Rechnungen und Anfragen der letzten Monate."
        ),
        "## Installation",
        "## Ausführung",
        (
            "## Datensatz\n\nDie Daten stammen von [Kaggle](https://www.kaggle.com/datasets/a/b). Der Datensatz hat 7043 Zeilen "
            "und 21 Spalten."
        ),
        "## Ergebnisse\n\nGenauigkeit auf den Testdaten: 0,87.",
        (
            "## Einschränkungen\n\nDas Modell ist für neue Kunden nicht geeignet.\n\nDie Stichprobe ist klein und deckt nur ein "
            "Land ab."
        ),
    ),
    "Russian": (
        (
            "# Отток\n\n## Описание проекта\n\nЭтот проект предсказывает, какие клиенты телефонной компании уйдут в следующем "
            "месяце, чтобы отдел продаж мог вовремя им позвонить и предложить новые условия. Решение основано на истории "
            "платежей и обращений."
        ),
        "## Установка",
        "## Запуск",
        "## Данные\n\nДанные взяты с [Kaggle](https://www.kaggle.com/datasets/a/b). В наборе 7043 строки и 21 столбец.",
        "## Результаты\n\nТочность на тестовой выборке: 0,87.",
        "## Ограничения\n\nМодель не подходит для новых клиентов компании.\n\nВыборка мала и охватывает только одну страну.",
    ),
    "Chinese": (
        (
            "# 客户流失\n\n## 项目简介\n\n本项目根据历史账单和客服记录预测电信公司的哪些客户会在下个月离开，"
            "以便销售团队能够及时联系他们并提供新的优惠方案。"
        ),
        "## 安装",
        "## 运行",
        "## 数据集\n\n数据来自 [Kaggle](https://www.kaggle.com/datasets/a/b)，共 7043 条记录，21 个特征。",
        "## 实验结果\n\n测试集准确率：0.87。",
        "## 局限性\n\n模型对于注册不满一个月的新客户效果较差。\n\n样本量较小，而且只覆盖一个国家的客户。",
    ),
    "Japanese": (
        (
            "# 解約予測\n\n## 概要\n\nこのプロジェクトは、電話会社の顧客のうち来月解約しそうな人を過去の請求と問い合わせから予測し、"
            "営業チームが早めに連絡できるようにします。"
        ),
        "## インストール",
        "## 使い方",
        "## データセット\n\nデータは [Kaggle](https://www.kaggle.com/datasets/a/b) から取得しました。7043 件、21 列です。",
        "## 結果\n\nテストデータでの正解率：0.87。",
        "## 制限事項\n\nこのモデルは契約から一か月未満の新規顧客には適していません。\n\n標本は小さく、一つの国の顧客しか含みません。",
    ),
}


def files(language: str) -> dict[str, str]:
    purpose, install, run, data, results, limits = READMES[language]
    parts = (purpose, f"{install}\n\n{COMMANDS[0]}", f"{run}\n\n{COMMANDS[1]}", data, results, limits)
    return {"README.md": "\n\n".join(parts) + "\n", "train.py": TRAIN, "requirements.txt": "pandas\nscikit-learn\n"}


@pytest.mark.parametrize("language", READMES)
def test_every_question_is_answered_in(language: str) -> None:
    given = files(language)
    prose, work, code = known(Prose, given), known(ModelWork, given), known(Code, given)
    tree, packaging = known(Tree, given), known(Packaging, given)

    told = {
        "purpose": level(readme_purpose(prose)),
        "install": level(readme_install(prose, code, packaging, tree)),
        "run": level(readme_run(prose, code, packaging, tree)),
        "data": level(data_documented(prose, known(DataSources, given), work, tree)),
        "results": level(readme_results(known(Claims, given), prose, work, code, tree)),
        "limitations": level(limitations_discussed(prose)),
    }

    assert dict.fromkeys(told, 2) == told


@pytest.mark.parametrize("language", READMES)
def test_each_section_is_about_one_thing(language: str) -> None:
    """A hidden comment, a badge and the title say nothing."""
    given = files(language)
    given["README.md"] = (
        f"<!-- {READMES[language][5]} -->\n[![b](https://img.shields.io/x.svg)](x)\n\n" + given["README.md"]
    )
    document = known(Prose, given).documents[0]
    wanted = ("purpose", "install", "run", "data", "results", "limitations")

    assert [
        topic for topic, section in zip(wanted, document.sections[1:], strict=True) if topic not in section.topics
    ] == []
    assert not any("<!--" in block.text for block in document.blocks)
