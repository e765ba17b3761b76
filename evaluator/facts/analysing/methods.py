"""What do methods do to a value, by their names alone: show it, reduce it to a number, or pass it on?

The names are those of the methods of pandas, NumPy, torch, matplotlib, seaborn, plotly, streamlit, MLflow and the standard
library; they are asked where the library is not known, or where all of its objects share them.
"""

from __future__ import annotations

import ast

REDUCES = frozenset(
    {
        "mean",
        "sum",
        "std",
        "var",
        "median",
        "min",
        "max",
        "len",
        "any",
        "all",
        "count_nonzero",
        "item",
        "nanmean",
        "trace",
    }
) | {
    "average",
    "dot",
    "norm",
    "reduce_mean",
    "reduce_sum",
    "size",
    "shape",
    "ndim",
    "dtype",
    "type",
    "isinstance",
    "count",
}
QUANTILES = frozenset({"percentile", "quantile", "nanpercentile", "nanquantile"})
"""What gives one number where it is asked for one."""
FRAMES = frozenset({"DataFrame", "Series", "zip", "dict", "items", "insert"})
PUTS = frozenset({"append", "add", "extend", "update", "insert", "setdefault", "appendleft"})
SELECTS = frozenset({"where", "nonzero", "argwhere", "flatnonzero", "compress"})
PLOTS = frozenset(
    {
        "plot",
        "hist",
        "heatmap",
        "imshow",
        "matshow",
        "scatter",
        "bar",
        "barh",
        "boxplot",
        "pcolormesh",
        "contourf",
        "kdeplot",
    }
    | {
        "histplot",
        "distplot",
        "displot",
        "scatterplot",
        "lineplot",
        "barplot",
        "violinplot",
        "regplot",
        "residplot",
        "stem",
    }
    | {"show", "poof", "add_figure", "add_image", "pyplot", "plotly_chart", "qqplot", "probplot", "text", "annotate"}
)
SAVES = frozenset(
    {
        "to_csv",
        "to_excel",
        "to_html",
        "to_json",
        "to_markdown",
        "to_latex",
        "to_parquet",
        "to_pickle",
        "savefig",
        "save",
    }
    | {
        "write",
        "writerow",
        "writerows",
        "write_text",
        "writelines",
        "savetxt",
        "write_html",
        "write_image",
        "save_html",
    }
    | {
        "log_metric",
        "log_metrics",
        "log_figure",
        "log_dict",
        "log_artifact",
        "log_text",
        "log_table",
        "log_image",
    }
    | {"render", "dump", "as_html", "save_to_file"}
)
PRINTS = frozenset(
    {"print", "display", "pprint", "info", "warning", "error", "critical", "echo", "secho", "show_in_notebook"}
)
SHOWS_FIGURES = frozenset(
    {
        "show",
        "savefig",
        "log_figure",
        "pyplot",
        "write_html",
        "write_image",
        "add_figure",
        "plotly_chart",
        "poof",
        "render",
    }
    | {"save", "plt_show", "write_png", "save_html", "draw", "pause", "log_image", "log_artifact"}
)
DRAWING_LIBRARIES = frozenset({"matplotlib", "seaborn", "plotly", "bokeh", "altair"})
KEEPS_OBJECTS = frozenset(
    {"pickle", "cloudpickle", "dill", "joblib", "torch", "numpy", "tensorflow", "keras", "transformers"}
)
"""Libraries whose files only a program reads."""
LOGGERS = (".log", "logging.", "wandb.", "lightning.", "neptune.", "comet_ml.", "ray.", "loguru.")
PLOTS_PAIRS = frozenset(
    {"bar", "barh", "barplot", "scatter", "scatterplot", "plot", "lineplot", "stem", "pointplot", "heatmap", "Bar"}
)
"""Plots of one thing against another."""
ROUTES = frozenset({"get", "post", "put", "route", "websocket", "api_route", "callback", "api", "command"})
"""What decorates a function that answers somebody outside."""
LEARNS = frozenset(
    {"fit", "partial_fit", "fit_transform", "fit_predict", "train", "predict", "predict_proba", "transform", "backward"}
)
"""What takes a value to learn from it, or to work on it: nobody sees it there."""
KEEPS_KEYS = frozenset({"dict", "DataFrame", "asdict", "to_dict", "model_dump", "copy", "deepcopy", "OrderedDict"})
"""What gives the same keys as it takes."""


def is_one_quantile(last: str, given: list[ast.expr], keywords: list[ast.keyword]) -> bool:
    """Whether a call asks for one quantile, which is a number; several tell of a distribution.

    ``given``: the positional arguments behind the values.
    """
    if last not in {"quantile", "percentile", "nanquantile", "nanpercentile"}:
        return False
    asked = next(iter([*given, *(k.value for k in keywords if k.arg == "q")]), None)
    if isinstance(asked, ast.Name):
        return not asked.id.lower().endswith("s")
    return not isinstance(asked, (ast.List, ast.Tuple, ast.Call, ast.Starred))
