"""What does R do for a model, where is it scored, and what does it see? Small programs, as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator import codec
from evaluator.facts.r_work import Deed, Role, RWork
from tests.facts.programs import notebook, program

READ = 'library(caret)\nlibrary(randomForest)\nlibrary(Metrics)\ndf <- read.csv("houses.csv")\n'
SPLIT = "set.seed(1)\nidx <- createDataPartition(df$y, p = 0.8, list = FALSE)\ntrain <- df[idx, ]\ntest <- df[-idx, ]\n"
FIT = "m <- randomForest(y ~ ., data = train)\n"
PREDICT = "p <- predict(m, test)\n"


def work(text: str, **files: str) -> RWork:
    named = {name.replace("__", "/").replace("_R", ".R"): body for name, body in files.items()}
    return program({"a.R": text, **named}).r_work


def deeds(text: str, *roles: Role, **files: str) -> list[Deed]:
    return [d for d in work(text, **files).of(*roles) if d.reached]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        pytest.param("m <- lm(y ~ ., df)", ["lm"], id="base"),
        pytest.param("m <- caret::train(y ~ ., data = df, method = 'rf')", ["rf"], id="caret names the method"),
        pytest.param("train(task)", [], id="a function of a package that is not loaded"),
        pytest.param("library(mlr)\nm <- train(makeLearner('regr.ranger'), task)", ["ranger"], id="mlr names the learner"),
        pytest.param("library(tidymodels)\nwf <- workflow() %>% add_model(rand_forest()) %>% add_formula(y ~ .)\nm <- fit(wf, df)", ["rand_forest"], id="tidymodels names the kind"),
        pytest.param("library(xgboost)\nb <- xgb.train(list(eta = 0.1), d, 50)", ["xgb.train"], id="xgboost"),
        pytest.param("library(keras)\nmodel %>% fit(x, y, epochs = 3)", ["model"], id="keras"),
        pytest.param("library(forecast)\nf <- auto.arima(sales)", ["auto.arima"], id="forecast"),
        pytest.param("pacman::p_load(ranger, dplyr)\nm <- ranger(y ~ ., df)", ["ranger"], id="loaded by pacman"),
        pytest.param("pkgs <- c('ranger', 'dplyr')\nlapply(pkgs, library, character.only = TRUE)\nm <- ranger(y ~ ., df)", ["ranger"], id="loaded by a loop"),
        pytest.param("library(mlr3)\nl <- lrn('classif.rpart')\nl$train(task)", ["rpart"], id="mlr3"),
        pytest.param("f <- function(d) lm(y ~ ., d)\nf(df)", ["lm"], id="in a function that is called"),
        pytest.param("f <- function(d) lm(y ~ ., d)", [], id="in a function that nothing calls"),
        pytest.param("if (FALSE) m <- lm(y ~ ., df)", [], id="never run"),
        pytest.param("# m <- lm(y ~ ., df)\n'lm(y ~ ., df)'", [], id="named in text"),
        pytest.param("library(caret)", [], id="loaded and not used"),
        pytest.param("lm <- function(x) x\nlm(1)", [], id="a function of the project's own"),
    ],
)  # fmt: skip
def test_fits(text: str, kinds: list[str]) -> None:
    assert [d.kind for d in deeds(text, "fit")] == kinds


@pytest.mark.parametrize(
    ("text", "on"),
    [
        pytest.param(SPLIT + FIT + PREDICT + "RMSE(p, test$y)", ["held-out"], id="caret"),
        pytest.param(SPLIT + FIT + PREDICT + "sqrt(mean((test$y - p)^2))", ["held-out"], id="by hand"),
        pytest.param(SPLIT + FIT + PREDICT + "mean(p == test$y)", ["held-out"], id="accuracy by hand"),
        pytest.param(SPLIT + FIT + "confusionMatrix(predict(m, test), test$y)", ["held-out"], id="at once"),
        pytest.param(SPLIT + FIT + "confusionMatrix(predict(m, train), train$y)", ["training"], id="training rows"),
        pytest.param(SPLIT + FIT + "rmse(train$y, predict(m))", ["training"], id="no rows given"),
        pytest.param("m <- lm(y ~ ., df)\nsummary(m)", ["training"], id="summary of a fit"),
        pytest.param("i <- sample(1:nrow(df), 0.7 * nrow(df))\ntrain <- df[i, ]\ntest <- df[-i, ]\n" + FIT + PREDICT + "MAE(p, test$y)", ["held-out"], id="drawn rows"),
        pytest.param("library(caTools)\ns <- sample.split(df$y, 0.7)\ntrain <- subset(df, s == TRUE)\ntest <- subset(df, s == FALSE)\n" + FIT + PREDICT + "MAE(p, test$y)", ["held-out"], id="mask"),
        pytest.param("df$part <- caTools::sample.split(df$y, 0.7)\ntrain <- df[df$part, ]\ntest <- df[!df$part, ]\n" + FIT + PREDICT + "MAE(p, test$y)", ["held-out"], id="mask in a column"),
        pytest.param("i <- sample(2, nrow(df), replace = TRUE, prob = c(0.7, 0.3))\ntrain <- df[i == 1, ]\ntest <- df[i == 2, ]\n" + FIT + PREDICT + "MAE(p, test$y)", ["held-out"], id="numbers of parts"),
        pytest.param("library(dplyr)\ntrain <- df %>% sample_frac(0.7)\ntest <- anti_join(df, train, by = 'id')\n" + FIT + PREDICT + "MAE(p, test$y)", ["held-out"], id="anti_join"),
        pytest.param("i <- sample(nrow(df), 100)\nrest <- setdiff(seq_len(nrow(df)), i)\ntrain <- df[i, ]\ntest <- df[rest, ]\n" + FIT + PREDICT + "MAE(p, test$y)", ["held-out"], id="setdiff"),
        pytest.param("train <- df[1:800, ]\ntest <- df[801:1000, ]\n" + FIT + PREDICT + "MAE(p, test$y)", ["held-out"], id="ranges, by their names"),
        pytest.param("train_i <- 1:800\ntest_i <- 801:1000\ntrain <- df[train_i, ]\ntest <- df[test_i, ]\n" + FIT + PREDICT + "MAE(p, test$y)", ["held-out"], id="named ranges"),
        pytest.param('test <- read.csv("data/test.csv")\nm <- lm(y ~ ., df)\nRMSE(predict(m, test), test$y)', ["held-out"], id="a file of its own"),
        pytest.param("library(tidymodels)\ns <- initial_split(df)\nm <- linear_reg() %>% fit(y ~ ., data = training(s))\nm %>% predict(testing(s)) %>% bind_cols(testing(s)) %>% rmse(y, .pred)", ["held-out"], id="tidymodels"),
        pytest.param("library(tidymodels)\ns <- initial_split(df)\nr <- last_fit(workflow() %>% add_model(linear_reg()), s)\ncollect_metrics(r)", ["held-out", "held-out"], id="last_fit"),
        pytest.param("m <- train(y ~ ., df, method = 'rf', trControl = trainControl(method = 'cv', number = 5))", ["held-out"], id="folds of caret"),
        pytest.param("library(glmnet)\ncv <- cv.glmnet(x, y)", ["held-out"], id="folds of glmnet"),
        pytest.param("library(forecast)\nf <- forecast(auto.arima(window(s, end = 2019)), h = 12)\naccuracy(f, window(s, start = 2020))", ["held-out"], id="forecast"),
        pytest.param("RMSE(p, test$y)", ["unclear"], id="of nobody knows what"),
        pytest.param(SPLIT + FIT + "q <- predict(m, test, type = 'response')\np <- rep(0, nrow(test))\np[q > 0.5] <- 1\nmean(p == test$y)", ["held-out"], id="classes by a threshold"),
        pytest.param("rmse <- 0.12\nprint(rmse)", [], id="a number in a variable"),
        pytest.param("rmse(c(1, 2), c(1, 2))", [], id="constants"),
        pytest.param(SPLIT + FIT + PREDICT + "f <- function(a, b) sqrt(mean((a - b)^2))\nf(test$y, p)", ["held-out"], id="own function"),
        pytest.param(SPLIT + FIT + PREDICT + "f <- function() RMSE(p, test$y)", [], id="in a function that nothing calls"),
        pytest.param(SPLIT + FIT + PREDICT + "cm <- table(p, test$y)\nsum(diag(cm)) / sum(cm)", ["held-out", "held-out"], id="counts by hand"),
    ],
)  # fmt: skip
def test_scores(text: str, on: list[str]) -> None:
    assert [d.kind for d in deeds(READ + text, "score")] == on


@pytest.mark.parametrize(
    ("text", "states"),
    [
        pytest.param("set.seed(1)\ni <- createDataPartition(df$y)\nm <- randomForest(y ~ ., df)", ["seeded", "seeded"], id="before all"),
        pytest.param("i <- createDataPartition(df$y)\nset.seed(1)\nm <- randomForest(y ~ ., df)", ["free", "seeded"], id="between"),
        pytest.param("m <- randomForest(y ~ ., df)", ["free"], id="none"),
        pytest.param("seed <- 1\nm <- randomForest(y ~ ., df)", ["free"], id="a variable of that name"),
        pytest.param("# set.seed(1)\nm <- randomForest(y ~ ., df)", ["free"], id="in a comment"),
        pytest.param("m <- ranger::ranger(y ~ ., df, seed = 3)", ["seeded"], id="as an argument"),
        pytest.param("source('seed.R')\nm <- randomForest(y ~ ., df)", ["seeded"], id="in a sourced file"),
        pytest.param("m <- lm(y ~ ., df)", [], id="nothing random"),
    ],
)  # fmt: skip
def test_chances(text: str, states: list[str]) -> None:
    found = work(READ + text, seed_R="set.seed(42)").of("chance")

    assert [d.kind for d in found] == states


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        pytest.param("train(y ~ ., df, method = 'gbm', tuneGrid = expand.grid(depth = c(1, 2), n = 100))", ["runs"], id="grid"),
        pytest.param("g <- expand.grid(mtry = 1:5)\ntrain(y ~ ., df, method = 'rf', tuneGrid = g)", ["runs"], id="grid in a variable"),
        pytest.param("train(y ~ ., df, method = 'rf', tuneGrid = data.frame(mtry = 3))", ["idle"], id="a grid of one"),
        pytest.param("train(y ~ ., df, method = 'rf', tuneLength = 10)", ["runs"], id="length"),
        pytest.param("train(y ~ ., df, method = 'rf', trControl = trainControl(method = 'cv'))", ["halted"], id="only what caret tries by itself"),
        pytest.param("train(y ~ ., df, method = 'lm', trControl = trainControl(method = 'cv'))", [], id="nothing to tune"),
        pytest.param("library(tidymodels)\ntune_grid(wf, resamples = vfold_cv(df), grid = 20)", ["runs"], id="tidymodels"),
        pytest.param("library(e1071)\ntune(svm, y ~ ., data = df, ranges = list(cost = 1:4))", ["runs"], id="e1071"),
        pytest.param(SPLIT + "for (k in c(1, 5, 9)) {\n  m <- randomForest(y ~ ., data = train, mtry = k)\n  print(RMSE(predict(m, test), test$y))\n}", ["loop"], id="loop"),
        pytest.param("for (k in 1:3) m <- randomForest(y ~ ., data = df, mtry = 2)", [], id="a loop that varies nothing"),
        pytest.param("g <- expand.grid(mtry = 1:5)", [], id="a grid that is given to nothing"),
    ],
)  # fmt: skip
def test_searches(text: str, kinds: list[str]) -> None:
    assert [d.kind for d in deeds(READ + text, "search")] == kinds


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        pytest.param("train(y ~ ., df, method = 'lm', trControl = trainControl(method = 'repeatedcv'))", ["folds"], id="caret"),
        pytest.param("ctrl <- trainControl('cv')\ntrain(y ~ ., df, trControl = ctrl)", ["folds"], id="in a variable"),
        pytest.param("ctrl <- trainControl(method = 'none')\ntrain(y ~ ., df, trControl = ctrl)", [], id="none"),
        pytest.param("ctrl <- trainControl('cv')", [], id="given to nothing"),
        pytest.param("library(tidymodels)\nfit_resamples(wf, vfold_cv(df))", ["folds"], id="tidymodels"),
        pytest.param("library(boot)\ncv.glm(df, glm(y ~ ., data = df), K = 5)", ["folds"], id="boot"),
        pytest.param("library(rsample)\ns <- initial_validation_split(df)", ["three-parts"], id="three parts at once"),
        pytest.param(SPLIT + "j <- createDataPartition(train$y, p = 0.5)\nvalid <- train[-j, ]", ["three-parts"], id="split twice"),
        pytest.param(SPLIT, [], id="one split"),
    ],
)  # fmt: skip
def test_designs(text: str, kinds: list[str]) -> None:
    assert [d.kind for d in deeds(READ + text, "design")] == kinds


SCALED = "df[, 2:5] <- scale(df[, 2:5])\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(SCALED + SPLIT + FIT, [("scaling", True)], id="scaled before the split"),
        pytest.param("df <- as.data.frame(lapply(df, scale))\n" + SPLIT + FIT, [("scaling", True)], id="scaled by lapply"),
        pytest.param("pp <- preProcess(df, method = c('center', 'scale'))\ndf <- predict(pp, df)\n" + SPLIT + FIT, [("scaling", True)], id="preProcess before"),
        pytest.param("df$a[is.na(df$a)] <- mean(df$a, na.rm = TRUE)\n" + SPLIT + FIT, [("imputation", True)], id="mean before"),
        pytest.param("df$a <- ifelse(is.na(df$a), median(df$a, na.rm = TRUE), df$a)\n" + SPLIT + FIT, [("imputation", True)], id="ifelse before"),
        pytest.param("library(ROSE)\ndf <- ROSE(y ~ ., data = df)$data\n" + SPLIT + FIT, [("resampling", True)], id="resampled before"),
        pytest.param("library(mice)\ndf <- complete(mice(df))\n" + SPLIT + FIT, [("imputation", True)], id="mice before"),
        pytest.param(SCALED + "m <- train(y ~ ., data = df, method = 'lm', trControl = trainControl('cv'))", [("scaling", True)], id="before folds"),
        pytest.param("prep <- function(d) {\n  d$a <- scale(d$a)\n  d\n}\ndf <- prep(df)\n" + SPLIT + FIT, [("scaling", True)], id="by an own function"),
        pytest.param(SPLIT + "train[, 2:5] <- scale(train[, 2:5])\n" + FIT, [], id="scaled after"),
        pytest.param(SPLIT + "pp <- preProcess(train, 'scale')\ntrain <- predict(pp, train)\ntest <- predict(pp, test)\n" + FIT, [], id="preProcess on the training part"),
        pytest.param(SPLIT + "m <- train(y ~ ., data = train, method = 'lm', preProcess = c('center', 'scale'))", [], id="inside of train"),
        pytest.param("df$a[is.na(df$a)] <- 0\ndf$b[is.na(df$b)] <- 'none'\n" + SPLIT + FIT, [], id="constants"),
        pytest.param("library(Hmisc)\ndf$a <- impute(df$a, 0)\n" + SPLIT + FIT, [], id="impute by a constant"),
        pytest.param("df$y <- factor(df$y)\ndf <- na.omit(df)\n" + SPLIT + FIT, [], id="codes and dropped rows"),
        pytest.param("s <- scale(df[, 2:5])\nsummary(s)\n" + SPLIT + FIT, [], id="scaled for a look"),
        pytest.param(SCALED + "m <- lm(y ~ ., df)", [], id="nothing held out"),
        pytest.param(SCALED + "k <- kmeans(df, 3)", [], id="clusters"),
        pytest.param(SCALED + "i <- sample(nrow(df), 100)\ntrain <- df[i, ]\ntest <- df[-i, ]\n" + FIT, [("scaling", True)], id="before rows are drawn"),
        pytest.param("library(dplyr)\n" + SCALED + "train <- sample_frac(df, 0.7)\ntest <- anti_join(df, train)\n" + FIT, [("scaling", True)], id="before anti_join"),
        pytest.param(SCALED + "df <- df[sample(nrow(df), 100), ]\nm <- lm(y ~ ., df)", [], id="fewer rows, none held out"),
        pytest.param("library(dplyr)\n" + SCALED + "df <- sample_n(df, 100)\nm <- lm(y ~ ., df)", [], id="a sample, none held out"),
        pytest.param("if (FALSE) " + SCALED + SPLIT + FIT, [], id="never run"),
        pytest.param("library(tidymodels)\ns <- initial_split(df)\nr <- recipe(y ~ ., training(s)) %>% step_normalize(all_numeric())\nm <- fit(workflow() %>% add_recipe(r) %>% add_model(linear_reg()), training(s))", [], id="recipe in a workflow"),
    ],
)  # fmt: skip
def test_leaks(text: str, found: list[tuple[str, bool]]) -> None:
    assert [(d.kind, d.sure) for d in deeds(READ + text, "leak")] == found


def test_a_variable_of_another_session_is_followed() -> None:
    prepared = READ + SCALED
    fitted = "library(caret)\nm <- train(y ~ ., data = df, method = 'lm', trControl = trainControl('cv'))"
    found = program({"1-prepare.R": prepared, "2-fit.R": fitted}).r_work.of("leak")

    assert [(d.at.path, d.sure) for d in found] == [("1-prepare.R", True)]


def test_it_is_a_suspicion_where_another_session_does_without() -> None:
    fitted = "library(caret)\nm <- train(y ~ ., data = df, method = 'lm', trControl = trainControl('cv'))"
    found = program({"1-prepare.R": READ + SCALED, "2-plain.R": READ, "3-fit.R": fitted}).r_work.of("leak")

    assert [d.sure for d in found] == [False]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("confusionMatrix(p, test$y)", [("confusion", True)], id="confusion matrix"),
        pytest.param("cm <- confusionMatrix(p, test$y)\nprint(cm)", [("confusion", True)], id="printed later"),
        pytest.param("cm <- confusionMatrix(p, test$y)", [("confusion", False)], id="thrown away"),
        pytest.param("table(p, test$y)", [("confusion", True)], id="counts"),
        pytest.param("plot(test$y - p)", [("residuals", True)], id="differences drawn"),
        pytest.param("r <- test$y - p\nhist(r)", [("residuals", True)], id="differences in a variable"),
        pytest.param("table(test$y)", [], id="counts of the truth alone"),
    ],
)
def test_looks_at_errors(text: str, found: list[tuple[str, bool]]) -> None:
    got = [(d.kind, d.shown) for d in deeds(READ + SPLIT + FIT + PREDICT + text, "error")]

    assert got == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("varImp(m)", [("built-in", True)], id="importances"),
        pytest.param("plot(varImp(m))", [("built-in", True)], id="drawn"),
        pytest.param("v <- varImp(m)", [("built-in", False)], id="thrown away"),
        pytest.param(
            "library(DALEX)\ne <- explain(m, df)\nplot(model_parts(e))", [("attribution", True)], id="attribution"
        ),
        pytest.param(
            "library(pdp)\nplotPartial(partial(m, pred.var = 'a'))",
            [("dependence", True), ("dependence", True)],
            id="dependence",
        ),
        pytest.param("l <- lm(y ~ ., train)\nsummary(l)", [("fit-summary", True)], id="summary"),
        pytest.param("l <- lm(y ~ ., train)\nbarplot(coef(l))", [("coefficients", True)], id="coefficients"),
        pytest.param("varImp", [], id="named alone"),
    ],
)
def test_explanations(text: str, found: list[tuple[str, bool]]) -> None:
    assert [(d.kind, d.shown) for d in deeds(READ + SPLIT + FIT + text, "explanation")] == found


@pytest.mark.parametrize(
    ("text", "saved", "used"),
    [
        pytest.param("saveRDS(m, 'm.rds')\nk <- readRDS('m.rds')\npredict(k, test)", ["model"], [True], id="both"),
        pytest.param("save(m, file = 'm.rda')\nload('m.rda')\npredict(final, test)", ["model"], [True], id="save and load"),
        pytest.param("saveRDS(m, 'm.rds')", ["model"], [], id="saved only"),
        pytest.param("saveRDS(df, 'clean.rds')\nd <- readRDS('clean.rds')\nsummary(d)", ["other"], [False], id="rows"),
        pytest.param("save.image()", ["other"], [], id="the workspace"),
        pytest.param("f <- function() saveRDS(m, 'm.rds')", [], [], id="in a function that nothing calls"),
    ],
)  # fmt: skip
def test_models_are_kept(text: str, saved: list[str], used: list[bool]) -> None:
    found = READ + SPLIT + FIT + text

    assert [d.kind for d in deeds(found, "save")] == saved
    assert [d.used for d in deeds(found, "restore")] == used


@pytest.mark.parametrize(
    ("files", "found"),
    [
        pytest.param({"app.R": "library(shiny)\nm <- readRDS('m.rds')\nserver <- function(input, output) {\n  output$p <- renderText(predict(m, data.frame(a = input$a)))\n}\nshinyApp(ui, server)"}, [("shinyApp", "model")], id="shiny"),
        pytest.param({"server.R": "library(shiny)\nm <- readRDS('m.rds')\nshinyServer(function(input, output) {\n  output$p <- renderText(predict(m, input$a))\n})", "ui.R": "library(shiny)\nfluidPage()"}, [("shinyServer", "model"), ("shiny", "model")], id="in two files"),
        pytest.param({"app.R": "library(shiny)\nshinyApp(ui, function(input, output) NULL)"}, [("shinyApp", "work")], id="without a model"),
        pytest.param({"api.R": "library(plumber)\nm <- readRDS('m.rds')\n#* @post /predict\nfunction(a) predict(m, data.frame(a = a))"}, [("plumber", "model")], id="plumber"),
        pytest.param({"a.R": "library(shiny)\nlm(y ~ ., df)"}, [], id="loaded and not used"),
    ],
)  # fmt: skip
def test_apps(files: dict[str, str], found: list[tuple[str, str]]) -> None:
    assert [(d.name, d.kind) for d in program(files).r_work.of("app")] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("test_that('it adds', {\n  expect_equal(f(1), 2)\n  expect_true(f(2) > 2)\n})", [(2, "f", "other")], id="a test"),
        pytest.param("test_that('it fits', {\n  m <- g(mtcars)\n  expect_s3_class(m, 'lm')\n})", [(1, "g", "model")], id="of a model"),
        pytest.param("test_that('nothing', {\n  expect_true(TRUE)\n  expect_equal(1, 1)\n})", [(0, "", "nothing")], id="constants"),
        pytest.param("test_that('copy', {\n  expect_equal(sum(c(1, 2)), 3)\n})", [(1, "", "nothing")], id="nothing of the project's own"),
        pytest.param("x <- f(1)", [], id="no check"),
    ],
)  # fmt: skip
def test_tests(text: str, found: list[tuple[int, str, str]]) -> None:
    made = program(
        {
            "R/f.R": "f <- function(x) x + 1\ng <- function(d) lm(y ~ ., d)",
            "tests/testthat/test-f.R": "library(testthat)\n" + text,
        }
    )

    assert [(t.asserts, t.own, t.touches) for t in made.r_work.tests] == found


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        pytest.param("library(mlflow)\nmlflow_log_metric('rmse', RMSE(p, test$y))", ["tracker"], id="mlflow"),
        pytest.param("r <- data.frame(rmse = RMSE(p, test$y))\nwrite.csv(r, paste0('run-', Sys.time(), '.csv'))", ["files"], id="files of their own"),
        pytest.param("r <- data.frame(rmse = RMSE(p, test$y))\nwrite.table(r, 'runs.csv', append = TRUE)", ["files"], id="a file that grows"),
        pytest.param("r <- data.frame(rmse = RMSE(p, test$y))\nwrite.csv(r, 'r.csv')", ["file"], id="one file"),
        pytest.param("write.csv(data.frame(p = p), paste0('sub-', Sys.time(), '.csv'))", [], id="predictions"),
        pytest.param("library(mlflow)", [], id="loaded alone"),
    ],
)  # fmt: skip
def test_records(text: str, kinds: list[str]) -> None:
    assert [d.kind for d in deeds(READ + SPLIT + FIT + PREDICT + text, "record")] == kinds


@pytest.mark.parametrize(
    ("path", "text", "count"),
    [
        pytest.param("a.Rmd", "# Model\n\n```{r fit, echo=FALSE}\nm <- lm(y ~ ., df)\n```\n", 1, id="a chunk"),
        pytest.param("a.qmd", "```{r}\n#| eval: false\nm <- lm(y ~ ., df)\n```\n", 0, id="a chunk that is not run"),
        pytest.param("a.Rmd", "```{r eval = FALSE}\nm <- lm(y ~ ., df)\n```\n", 0, id="switched off in its head"),
        pytest.param("a.Rmd", "```r\nm <- lm(y ~ ., df)\n```\n`lm(y)`", 0, id="code that is only shown"),
        pytest.param("a.Rmd", "```{python}\nlm(y)\n```\n", 0, id="another language"),
        pytest.param("a.ipynb", notebook("m <- lm(y ~ ., df)", language="R"), 1, id="a notebook"),
        pytest.param("renv/activate.R", "m <- lm(y ~ ., df)", 0, id="kept by a tool"),
    ],
)
def test_where_code_stands(path: str, text: str, count: int) -> None:
    found = [d for d in program({path: text}).r_work.of("fit") if d.reached]

    assert len(found) == count


def test_lines_of_a_chunk_are_those_of_the_document() -> None:
    found = program({"a.Rmd": "# Title\n\n```{r}\nx <- 1\nm <- lm(y ~ ., df)\n```\n"}).r_work.of("fit")

    assert [d.at.start for d in found] == [5]


def test_what_nothing_runs_vouches_for_nothing() -> None:
    idle = "f <- function() {\n  print(RMSE(predict(m, test), test$y))\n  print(v)\n  predict(k, test)\n}\n"
    found = work(READ + SPLIT + FIT + "v <- varImp(m)\nk <- readRDS('m.rds')\n" + idle)

    assert [d.scored for d in found.of("fit")] == [False]
    assert [d.shown for d in found.of("explanation")] == [False]
    assert [d.used for d in found.of("restore")] == [False]
    assert [(d.kind, d.reached) for d in found.of("score")] == [("held-out", False)]


def test_a_baseline_is_named_by_its_variable_or_heading() -> None:
    named = deeds("baseline <- lm(y ~ 1, df)\nm <- lm(y ~ ., df)", "fit")
    under = program({"a.Rmd": "## Baseline model\n\n```{r}\nm <- lm(y ~ a, df)\n```\n"}).r_work.of("fit")

    assert [(d.naive, d.baseline) for d in named] == [(True, "called baseline"), (False, "")]
    assert [d.baseline for d in under] == ["under the heading Baseline model"]


def test_the_fact_is_stored_as_it_is() -> None:
    found = work(READ + SPLIT + FIT + PREDICT + "RMSE(p, test$y)")

    assert codec.decode(codec.encode(found), RWork) == found


LINES = [*(READ + SPLIT + FIT + PREDICT + SCALED).splitlines(), "f <- function(x) f(x)", "source('a.R')", "for (i in 1:2) {", "}", "m$a[", "x %>% y", "shinyApp(u, s)", "test_that('a', {", "})"]  # fmt: skip


@given(st.lists(st.sampled_from(LINES), max_size=25).map("\n".join))
@settings(max_examples=60, deadline=None)
def test_nothing_makes_it_fail(text: str) -> None:
    assert isinstance(program({"a.R": text, "tests/testthat/test-a.R": text}).r_work, RWork)
