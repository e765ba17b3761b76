"""What do the signals say of whole projects in R: a careful one, a careless one, one that only looks as if?"""

from __future__ import annotations

import pytest

from evaluator.source.snapshot import Snapshot
from tests.imitations.harness import verdicts

PREPARE = """\
library(dplyr)

read_wine <- function(path) {
  read.csv(path) %>% mutate(type = factor(type))
}

fill_gaps <- function(rows, from) {
  rows$ph[is.na(rows$ph)] <- median(from$ph, na.rm = TRUE)
  rows
}
"""
TRAIN = """\
library(caret)
library(DALEX)
source("R/prepare.R")

set.seed(7)
wine <- read_wine("data/wine.csv")
chosen <- createDataPartition(wine$quality, p = 0.8, list = FALSE)
training <- fill_gaps(wine[chosen, ], wine[chosen, ])
held_out <- fill_gaps(wine[-chosen, ], wine[chosen, ])

folds <- trainControl(method = "repeatedcv", number = 5, repeats = 3)
baseline <- lm(quality ~ 1, data = training)
boosted <- train(quality ~ ., data = training, method = "gbm", trControl = folds, preProcess = c("center", "scale"),
                 tuneGrid = expand.grid(n.trees = c(100, 300), interaction.depth = 1:3, shrinkage = 0.1, n.minobsinnode = 10))

print(RMSE(predict(baseline, held_out), held_out$quality))
error <- RMSE(predict(boosted, held_out), held_out$quality)
write.table(data.frame(at = Sys.time(), rmse = error), "runs.csv", append = TRUE)
plot(held_out$quality - predict(boosted, held_out))
plot(model_parts(explain(boosted, data = held_out, y = held_out$quality)))
saveRDS(boosted, "models/boosted.rds")
"""
SERVE = """\
library(shiny)
boosted <- readRDS("models/boosted.rds")
ui <- fluidPage(numericInput("ph", "pH", 3), textOutput("quality"))
server <- function(input, output) {
  output$quality <- renderText(predict(boosted, data.frame(ph = input$ph)))
}
shinyApp(ui, server)
"""
TESTS = """\
library(testthat)
source("../../R/prepare.R")
test_that("gaps are filled with the median", {
  expect_equal(fill_gaps(data.frame(ph = NA), data.frame(ph = c(1, 2, 3)))$ph, 2)
})
test_that("other values stay", {
  expect_equal(fill_gaps(data.frame(ph = 5), data.frame(ph = 1))$ph, 5)
})
test_that("no gap is left", {
  expect_false(anyNA(fill_gaps(data.frame(ph = c(NA, 1)), data.frame(ph = 1))))
})
"""
CAREFUL = {
    "R/prepare.R": PREPARE,
    "train.R": TRAIN,
    "app.R": SERVE,
    "tests/testthat/test-prepare.R": TESTS,
    "data/wine.csv": "ph,quality,type\n3,5,red\n",
}
CARELESS = {
    "wine.R": """\
library(randomForest)
wine <- read.csv("wine.csv")
wine$ph[is.na(wine$ph)] <- mean(wine$ph, na.rm = TRUE)
wine[, 1:3] <- scale(wine[, 1:3])
chosen <- sample(1:nrow(wine), 0.8 * nrow(wine))
training <- wine[chosen, ]
test <- wine[-chosen, ]
forest <- randomForest(quality ~ ., data = training)
p <- predict(forest, test)
cat("RMSE", sqrt(mean((p - test$quality)^2)))
varImpPlot(forest)
""",
    "wine.csv": "ph,quality\n3,5\n",
}
LOOKS_AS_IF = {
    "wine.R": """\
library(caret)
library(DALEX)
library(mlflow)
library(testthat)
# trainControl(method = "cv"); tuneGrid = expand.grid(mtry = 1:9); set.seed(1)
wine <- read.csv("wine.csv")
fit <- lm(quality ~ ., data = wine)
rmse <- 0.31
cross_validate <- function(d) train(quality ~ ., d, method = "rf", tuneLength = 9, trControl = trainControl(method = "cv"))
confusion <- function(m, d) print(confusionMatrix(predict(m, d), d$quality))
keep <- function(m) saveRDS(m, "model.rds")
if (FALSE) {
  baseline <- lm(quality ~ 1, wine)
  plot(model_parts(explain(fit, wine)))
  mlflow_log_metric("rmse", RMSE(predict(fit, wine), wine$quality))
}
""",
    "wine.csv": "ph,quality\n3,5\n",
}
CHARTS = {
    "sales.R": 'library(ggplot2)\nsales <- read.csv("sales.csv")\nggplot(sales, aes(month, sum)) + geom_line()\n',
    "sales.csv": "month,sum\n1,2\n",
}
ASKED = {
    "modelling.metrics-in-code": ("pass", "pass", "fail"),
    "modelling.baseline-compared": ("pass", "fail", "fail"),
    "modelling.validation-sound": ("pass", "partial", "fail"),
    "modelling.leakage-free": ("pass", "fail", "not-applicable"),
    "modelling.hyperparameters-tuned": ("pass", "fail", "fail"),
    "modelling.error-analysis": ("pass", "fail", "fail"),
    "modelling.explainability": ("pass", "partial", "fail"),
    "modelling.experiment-tracking": ("partial", "fail", "fail"),
    "production.serving": ("pass", "fail", "fail"),
    "production.model-persisted": ("pass", "fail", "fail"),
    "production.end-to-end": ("pass", "partial", "fail"),
    "reproducibility.seeds-fixed": ("pass", "fail", "not-applicable"),
    "testing.tests-present": ("pass", "fail", "fail"),
    "testing.tests-cover-ml": ("pass", "fail", "fail"),
}


@pytest.mark.parametrize(
    ("files", "at"),
    [
        pytest.param(CAREFUL, 0, id="careful"),
        pytest.param(CARELESS, 1, id="careless"),
        pytest.param(LOOKS_AS_IF, 2, id="looks as if"),
    ],
)
def test_projects_in_r(files: dict[str, str], at: int) -> None:
    assert verdicts(Snapshot.of(files), ASKED) == {name: said[at] for name, said in ASKED.items()}


def test_charts_alone_are_no_model() -> None:
    asked = [name for name in ASKED if name.startswith("modelling.")]

    assert set(verdicts(Snapshot.of(CHARTS), asked).values()) == {"not-applicable"}


def test_r_beside_python_counts_with_it() -> None:
    both = {"prepare.py": "import pandas as pd\npd.read_csv('wine.csv').dropna().to_csv('clean.csv')\n", **CARELESS}

    assert verdicts(Snapshot.of(both), ["modelling.metrics-in-code"]) == {"modelling.metrics-in-code": "pass"}
