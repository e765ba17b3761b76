"""Does a folder's name say which problem is worked on, or which part of one project lies in it?

Only a name with a word of its own can be that of a project among others: ``churn-api`` and ``churn-ui`` are parts of one
(``churn``), ``week-3``, ``02-training``, ``pytorch`` and ``xgboost`` are parts, lessons, ways and stages.
"""

from __future__ import annotations

import re

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+|[^\W\d_]+")


def _set(text: str) -> frozenset[str]:
    """Return the words of a list that is written to be read."""
    return frozenset(text.split())


_PARTS = _set(
    """
    analysis analytics api apis app application apps archive artifact artifacts asset assets auth backend backup base
    batch benchmark benchmarks bin bot build checkpoint checkpoints ci cd cli client cloud cluster code codes common component
    components conf config configs configuration container containers core cron dag dags dashboard dashboards data database
    dataset datasets db dbt demo demos deploy deployment deployments deployed dev dist doc docker dockerfile docs
    documentation download e2e eda end engine env environment environments etl eval evaluate evaluation evaluations event
    experiment experiments exploration export extra extras feature features figure figures file files fine frontend full func
    function functions gateway generation gpu grafana gui hardware helm helper helpers helm image images inference infra
    infrastructure ingest ingestion init inputs integration interface internal jobs js json k8s kafka kube kubernetes label
    lambda legacy lib library libs load loader local log logging logs main media microservice microservices misc ml mlflow
    mlops mobile mock model modeling modelling models module modules monitor monitoring nb new notebook notebooks old online
    offline ops optimization orchestration orchestrator other others output outputs package packages page pages part parts
    pipeline pipelines plot plots plugin plugins post postprocessing predict prediction predictor prefect prepare
    preparation preprocess preprocessing processing processor prod production prometheus proto prototype proxy public py
    python queries query queue raw registry report reports repo research resources result results router run runner
    runs sample samples schema schemas scraper scraping scratch script scripts sdk serve server serverless service services
    serving setup shared shell simulation site source sources sql src stage staging static step storage store stream
    streaming streamlit style submission submissions support system tech telemetry temp template templates terraform test
    testing tests tmp tool tooling tools tracking train trainer training transform transformation transforms tuning ui
    util utilities utils v validation vendor version versions video viz visualisation visualization visualizations visuals
    guide guides guideline guidelines notes reference references how
    web webapp website worker workers workflow workflows workspace final first second
    """
)
_LESSONS = _set(
    """
    activity assessment assignment assignments basic basics best bonus bootcamp chapter class classes concept concepts course
    coursework day days example examples exam exercise exercises extra homework homeworks hw intro introduction lab labs
    lec lecture lectures lesson lessons material materials midterm module practice practices practical problem problems
    quiz review section semester session sessions slide slides solution solutions step task tutorial tutorials unit units
    week weeks workshop lernen aufgabe tarea semana clase ejercicio
    """
)
_WAYS = _set(
    """
    adaboost alexnet algorithm algorithms ann apriori arima autoencoder autoencoders bagging baseline baselines bayes bayesian
    bert bi boost boosting catboost classical classification classifier classifiers clustering cnn cpp cuda dbscan decision
    deep densenet descent dimensionality dl dnn dqn ensemble ensembles forest forests from gan gans gaussian gmm gpt gradient
    gru hierarchical java javascript jax julia k keras kernel kmeans knn lasso lda learning lgbm lightgbm linear llm
    logistic lora lstm machine machines matlab means mlp mobilenet multi multiple naive nearest neighbors neighbours net nets
    network networks neural nlp numpy optuna pca perceptron polynomial ppo pytorch r random ranger regression regressor
    regressors reinforcement resnet ridge rl rnn rust scala scikit segmentation simple single sklearn spark supervised
    support svm svr swin tensorflow tf torch transfer transformer transformers tree trees tsne unet unsupervised using vae
    vector vgg vision vit with xgb xgboost yolo
    """
)
_PLAIN = frozenset(
    ("a", "an", "and", "of", "the", "for", "in", "on", "to", "project", "projects", "my", "no", "nr", "de")
)
_CLOSED = _set(
    """
    api app apps-script backend common components core data dataset datasets deploy deployment docs examples frontend
    infra infrastructure k8s lib libs microservices models modules notebooks plugins scripts services shared site src
    templates terraform test tests tools utils vendor
    """
)


def words(name: str) -> list[str]:
    """Return the words of a folder's name in lower case, numbers left out: ``02-ChurnModel`` → churn, model."""
    return [word.lower() for word in _WORD.findall(name)]


def own_words(name: str) -> frozenset[str]:
    """Return the words that are neither a part of a project, nor a lesson, nor a way of modelling."""
    return frozenset(words(name)) - _PARTS - _LESSONS - _WAYS - _PLAIN


def is_numbered_project(name: str) -> bool:
    """Whether the name is ``project`` with a number: a project's name by itself, as in ``project-2``."""
    return bool(re.fullmatch(r"(?:project|proyecto|projet|projekt)[\s_-]*\d{1,3}", name, re.IGNORECASE))


def is_closed(name: str) -> bool:
    """Whether a folder so named holds parts of the project around it, however they look."""
    return name.lower() in _CLOSED or name.startswith((".", "_"))
