"""Is a tracker that training leads to told from files, and from the name alone?"""

from __future__ import annotations

import pytest

from evaluator.signals.modelling.tracking import experiment_tracking
from tests.experiments import ONE, level, project
from tests.facts.programs import notebook

FIT = "model = RandomForestClassifier().fit(X_train, y_train)\nacc = accuracy_score(y_test, model.predict(X_test))\nprint(acc)\n"
KERAS = "from tensorflow import keras\n(x, y), (a, b) = keras.datasets.mnist.load_data()\nm = keras.Sequential([keras.layers.Dense(1)])\nm.compile(loss='mse', metrics=['mae'])\n"
TORCH = """
import torch, torch.nn as nn
from torch.utils.tensorboard import SummaryWriter
from torch.utils.data import DataLoader
from torchvision.datasets import MNIST
loader = DataLoader(MNIST('.', train=True))
net = nn.Linear(1, 1)
opt = torch.optim.SGD(net.parameters())
writer = SummaryWriter()
for epoch in range(3):
    for x, t in loader:
        loss = nn.functional.mse_loss(net(x), t)
        loss.backward()
        opt.step()
"""
LIGHTNING = """
import lightning as L
from lightning.pytorch.loggers import TensorBoardLogger
class Net(L.LightningModule):
    def training_step(self, batch, i):
        loss = self.l(batch)
        LOGGED
        return loss
trainer = L.Trainer(CHOSEN)
trainer.fit(Net(), loader)
"""
DVC = "stages:\n  train:\n    cmd: python train.py\n    metrics:\n      - metrics.json:\n          cache: false\n"


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(project(f"import mlflow\nwith mlflow.start_run():\n    {FIT.replace(chr(10), chr(10) + '    ')}mlflow.log_metric('acc', acc)"), id="mlflow"),
        pytest.param(project(f"import mlflow\nmlflow.sklearn.autolog()\n{FIT}"), id="mlflow by itself"),
        pytest.param(project(f"from tracking import keep\n{FIT}keep(acc)", tracking_py="import mlflow\ndef keep(acc):\n    with mlflow.start_run():\n        mlflow.log_metrics({'acc': acc})\n"), id="mlflow in a module"),
        pytest.param(project(f"import mlflow\ndef keep(how, *args):\n    getattr(mlflow, how)(*args)\n{FIT}keep('log_metric', 'acc', acc)"), id="mlflow by a name that is given"),
        pytest.param(project(f"from mlflow.tracking import MlflowClient\nclient = MlflowClient()\n{FIT}client.log_metric('r', 'acc', acc)"), id="mlflow client"),
        pytest.param(project(f"import wandb\nwandb.init()\n{FIT}wandb.log({{'acc': acc}})"), id="wandb"),
        pytest.param(project(f"import wandb\nrun = wandb.init()\n{FIT}run.log({{'acc': acc}})"), id="run of wandb"),
        pytest.param({"t.py": TORCH + "    writer.add_scalar('loss', loss.item(), epoch)"}, id="tensorboard of torch"),
        pytest.param({"t.py": KERAS + "m.fit(x, y, callbacks=[keras.callbacks.TensorBoard('logs')])"}, id="tensorboard of keras"),
        pytest.param({"t.py": KERAS + "tb = keras.callbacks.TensorBoard('logs')\nm.fit(x, y, callbacks=[tb])"}, id="tensorboard by a name"),
        pytest.param({"t.py": LIGHTNING.replace("LOGGED", "pass").replace("CHOSEN", "logger=TensorBoardLogger('logs')")}, id="logger of lightning"),
        pytest.param({"t.py": "from stable_baselines3 import PPO\nm = PPO('MlpPolicy', 'CartPole-v1', tensorboard_log='./tb')\nm.learn(100)"}, id="log of an agent"),
        pytest.param({"t.py": "from transformers import Trainer, TrainingArguments\nargs = TrainingArguments('out', report_to='wandb')\nTrainer(model, args).train()"}, id="transformers"),
        pytest.param(project(FIT, dvc_yaml=DVC), id="dvc"),
        pytest.param(project(FIT, dvc_yaml="metrics:\n  - m.json\nstages:\n  train:\n    cmd: python train.py\n"), id="dvc, metrics of the whole"),
        pytest.param(project(f"from dvclive import Live\nwith Live() as live:\n    {FIT.replace(chr(10), chr(10) + '    ')}live.log_metric('acc', acc)"), id="dvclive"),
        pytest.param(project(f"from aim import Run\nrun = Run()\n{FIT}run.track(acc, name='acc')"), id="aim"),
        pytest.param(project(f"import neptune\nrun = neptune.init_run()\n{FIT}run['acc'].append(acc)"), id="neptune"),
        pytest.param(project(f"from comet_ml import Experiment\ne = Experiment()\n{FIT}e.log_metric('acc', acc)"), id="comet"),
        pytest.param(project(f"from clearml import Task\ntask = Task.init(project_name='a')\n{FIT}"), id="clearml"),
        pytest.param(project("import mlflow\nwith mlflow.start_run():\n    mlflow.log_param('n_estimators', 300)\n" + "".join(f"    {line}\n" for line in FIT.splitlines())), id="settings that are written out"),
        pytest.param({"n.ipynb": notebook(project(f"import mlflow\n{FIT}mlflow.log_metric('acc', acc)")["train.py"])}, id="notebook"),
    ],
)  # fmt: skip
def test_a_tracker_records(files: dict[str, str]) -> None:
    assert level(experiment_tracking, files) == 2


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(project(f"from datetime import datetime\n{FIT}name = datetime.now().strftime('%Y')\nwith open(f'runs/{{name}}.json', 'w') as f:\n    json.dump({{'acc': acc}}, f)"), id="file by the time"),
        pytest.param(project(f"import time\n{FIT}path = os.path.join('runs', 'r_' + str(time.time()) + '.csv')\npd.DataFrame([{{'acc': acc}}]).to_csv(path)"), id="table by the time"),
        pytest.param(project(f"{FIT}with open('results.csv', 'a') as f:\n    f.write(f'{{acc}}\\n')"), id="a file that grows"),
        pytest.param(project(f"{FIT}pd.DataFrame([{{'acc': acc}}]).to_csv('log.csv', mode='a')"), id="a table that grows"),
        pytest.param(project(f"import csv\n{FIT}with open('log.csv', 'a') as f:\n    csv.writer(f).writerow([acc])"), id="rows that are added"),
        pytest.param(project("import argparse\np = argparse.ArgumentParser()\np.add_argument('--run-name')\nargs = p.parse_args()\n" + FIT + "with open(f'runs/{args.run_name}.json', 'w') as f:\n    json.dump({'acc': acc}, f)"), id="file by the name of the run"),
        pytest.param(project("for depth in [1, 2]:\n    m = RandomForestClassifier(max_depth=depth).fit(X_train, y_train)\n    with open(f'runs/depth_{depth}.json', 'w') as f:\n        json.dump({'acc': m.score(X_test, y_test)}, f)"), id="a file for each round"),
        pytest.param({"t.py": KERAS + "m.fit(x, y, callbacks=[keras.callbacks.CSVLogger('log.csv')])"}, id="log of keras"),
        pytest.param({"t.py": LIGHTNING.replace("LOGGED", "self.log('loss', loss)").replace("CHOSEN", "max_epochs=3")}, id="log of lightning"),
        pytest.param(project(f"import logging\nlogging.basicConfig(filename='train.log')\n{FIT}logging.info('accuracy %s', acc)"), id="log file"),
        pytest.param(project(f"{FIT}with open('metrics.json', 'w') as f:\n    json.dump({{'acc': acc}}, f)"), id="one file that is overwritten"),
        pytest.param(project("import argparse\np = argparse.ArgumentParser()\np.add_argument('--out')\nargs = p.parse_args()\n" + FIT + "with open(os.path.join(args.out, 'metrics.json'), 'w') as f:\n    json.dump({'acc': acc}, f)"), id="one file in a folder that is given"),
    ],
)  # fmt: skip
def test_files(files: dict[str, str]) -> None:
    assert level(experiment_tracking, files) == 1


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(project(ONE), id="nothing"),
        pytest.param(project(f"import mlflow\n{FIT}"), id="imitation: an import"),
        pytest.param(project(FIT, requirements_txt="mlflow\nwandb\n"), id="imitation: a requirement"),
        pytest.param(project(f"import mlflow\nmlflow.log_metric('acc', 0.99)\n{FIT}"), id="imitation: a number written out into a tracker"),
        pytest.param(project(f"import mlflow\nmlflow.set_experiment('a')\n{FIT}"), id="imitation: an experiment without runs"),
        pytest.param(project(f"import mlflow\ndef keep(acc):\n    mlflow.log_metric('acc', acc)\n{FIT}"), id="imitation: nothing calls it"),
        pytest.param(project(FIT, show_py="import mlflow\nmlflow.log_metric('a', 1)\n"), id="imitation: a file without training"),
        pytest.param(project(f"import mlflow\nif False:\n    mlflow.log_metric('a', 1)\n{FIT}"), id="imitation: switched off"),
        pytest.param(project(f"import mlflow\nTRACK = False\n{FIT}if TRACK:\n    mlflow.log_metric('a', acc)\n"), id="imitation: switched off by a constant"),
        pytest.param(project(f"import mlflow\nTRACK = False\n{FIT}TRACK and mlflow.log_metric('a', acc)\n"), id="imitation: switched off in an expression"),
        pytest.param(project(f"{FIT}results = pd.DataFrame({{'p': m.predict(X_test)}})\nresults.to_csv('results.csv')"), id="predictions are no scores"),
        pytest.param(project(f"{FIT}# mlflow.log_metric('acc', acc)"), id="imitation: a comment"),
        pytest.param({"t.py": KERAS + "tb = keras.callbacks.TensorBoard('logs')\nm.fit(x, y, callbacks=[])"}, id="imitation: a callback that is not passed"),
        pytest.param({"t.py": TORCH}, id="imitation: a writer that writes nothing"),
        pytest.param({"t.py": "from transformers import Trainer, TrainingArguments\nargs = TrainingArguments('out', report_to='none')\nTrainer(model, args).train()"}, id="turned off"),
        pytest.param(project(FIT, dvc_yaml="stages:\n  train:\n    cmd: python train.py\n"), id="dvc without metrics"),
        pytest.param(project(FIT, dvc_yaml="stages:\n  train:\n    cmd: echo done\n    metrics: [m.json]\n"), id="imitation: a stage that trains nothing"),
        pytest.param(project(f"from datetime import datetime\n{FIT}with open(f'{{datetime.now()}}.txt', 'w') as f:\n    f.write('accuracy 0.9')"), id="imitation: a number written out"),
    ],
)  # fmt: skip
def test_nothing_is_kept(files: dict[str, str]) -> None:
    assert level(experiment_tracking, files) == 0


def test_not_asked_without_a_model() -> None:
    assert level(experiment_tracking, {"a.py": "import mlflow\nmlflow.log_metric('a', 1)"}) == "NotApplicable"
