"""Validation and leakage together, as programs of many frameworks are written."""

from __future__ import annotations

import pytest

from evaluator.facts.flow import flow
from evaluator.facts.project_kind import ProjectKind
from evaluator.model import Answer, Measured
from evaluator.signals.modelling.leakage import leakage_free
from evaluator.signals.modelling.validation import validation_sound
from tests.facts.programs import program

HEAD = """
import numpy as np, pandas as pd, torch, torch.nn as nn
from torch.utils.data import Dataset, DataLoader, random_split, Subset, SubsetRandomSampler
from torchvision import datasets, transforms
from sklearn.model_selection import KFold, train_test_split, cross_val_score, GridSearchCV
from sklearn.metrics import mean_squared_error, f1_score, accuracy_score, classification_report, silhouette_score
from sklearn.linear_model import LogisticRegression
from sklearn.ensemble import RandomForestClassifier
from sklearn.preprocessing import StandardScaler
import tensorflow as tf
from tensorflow import keras
"""
NET = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc=nn.Linear(784,10)
    def forward(self,x):
        return self.fc(x.view(-1,784))
"""
LOOPS = """
def train(model,loader,crit,opt):
    model.train()
    for x,y in loader:
        opt.zero_grad()
        out=model(x)
        loss=crit(out,y)
        loss.backward()
        opt.step()
def evaluate(model,loader,crit):
    model.eval()
    correct=0
    with torch.no_grad():
        for x,y in loader:
            out=model(x)
            correct+=(out.argmax(1)==y).sum().item()
    return correct/len(loader.dataset)
"""
MADE = """
model=Net()
crit=nn.CrossEntropyLoss()
opt=torch.optim.Adam(model.parameters())
"""

PROGRAMS = [
    pytest.param(HEAD + NET + LOOPS + "tr=DataLoader(datasets.MNIST('.',train=True))\nte=DataLoader(datasets.MNIST('.',train=False))\n" + MADE + "for e in range(5):\n    train(model,tr,crit,opt)\n    print(evaluate(model,te,crit))\n", 1, 2, id="torch two sets"),
    pytest.param(HEAD + NET + LOOPS + "tr=DataLoader(datasets.MNIST('.',train=True))\ntest_loader=DataLoader(datasets.MNIST('.',train=False))\n" + MADE + "best_acc=0\nfor e in range(5):\n    train(model,tr,crit,opt)\n    acc=evaluate(model,test_loader,crit)\n    if acc>best_acc:\n        best_acc=acc\n        torch.save(model.state_dict(),'b.pt')\nprint(best_acc)\n", 1, 1, id="torch best on test"),
    pytest.param(HEAD + NET + LOOPS + "full=datasets.MNIST('.',train=True)\na,b=random_split(full,[50000,10000])\ntr=DataLoader(a)\nval_loader=DataLoader(b)\ntest_loader=DataLoader(datasets.MNIST('.',train=False))\n" + MADE + "best_acc=0\nfor e in range(5):\n    train(model,tr,crit,opt)\n    acc=evaluate(model,val_loader,crit)\n    if acc>best_acc:\n        best_acc=acc\n        torch.save(model.state_dict(),'b.pt')\nprint(evaluate(model,test_loader,crit))\n", 2, 2, id="torch best on val, test last"),
    pytest.param(HEAD + NET + LOOPS + "full=datasets.ImageFolder('d')\na,b=random_split(full,[50000,10000])\ntr=DataLoader(a)\nval_loader=DataLoader(b)\n" + MADE + "best=0\nfor e in range(5):\n    train(model,tr,crit,opt)\n    acc=evaluate(model,val_loader,crit)\n    if acc>best:\n        best=acc\n        torch.save(model.state_dict(),'b.pt')\n", 1, 2, id="torch val only best"),
    pytest.param(HEAD + NET + LOOPS + "ds=datasets.ImageFolder('d')\nkf=KFold(5)\nfor f,(i,j) in enumerate(kf.split(ds)):\n    tr=DataLoader(ds,sampler=SubsetRandomSampler(i))\n    va=DataLoader(ds,sampler=SubsetRandomSampler(j))\n    model=Net()\n    crit=nn.CrossEntropyLoss()\n    opt=torch.optim.Adam(model.parameters())\n    train(model,tr,crit,opt)\n    print(evaluate(model,va,crit))\n", 2, 2, id="torch folds"),
    pytest.param(HEAD + "from tensorflow.keras.preprocessing.image import ImageDataGenerator\ng=ImageDataGenerator(rescale=1/255)\na=g.flow_from_directory('data/train')\nb=g.flow_from_directory('data/val')\nc=g.flow_from_directory('data/test')\nm=keras.Sequential([])\nm.fit(a,validation_data=b,callbacks=[keras.callbacks.EarlyStopping()])\nm.evaluate(c)\n", 2, 2, id="keras generators"),
    pytest.param(HEAD + "from tensorflow.keras.preprocessing.image import ImageDataGenerator\ng=ImageDataGenerator(rescale=1/255,validation_split=.2)\na=g.flow_from_directory('data',subset='training')\nb=g.flow_from_directory('data',subset='validation')\nm=keras.Sequential([])\nm.fit(a,validation_data=b)\n", 1, 2, id="keras generators, one"),
    pytest.param(HEAD + "a=tf.keras.utils.image_dataset_from_directory('data',validation_split=.2,subset='training',seed=1)\nb=tf.keras.utils.image_dataset_from_directory('data',validation_split=.2,subset='validation',seed=1)\nm=keras.Sequential([])\nm.fit(a,validation_data=b,callbacks=[keras.callbacks.ModelCheckpoint('m',save_best_only=True)])\n", 1, 2, id="keras dirs"),
    pytest.param(HEAD + "ds=tf.keras.utils.image_dataset_from_directory('data')\na=ds.take(80)\nrest=ds.skip(80)\nb=rest.take(10)\nc=rest.skip(10)\nm=keras.Sequential([])\nm.fit(a,validation_data=b)\nm.evaluate(c)\n", 2, 2, id="tf take/skip"),
    pytest.param(HEAD + "(a,b),(c,d)=keras.datasets.mnist.load_data()\na,c=a/255,c/255\nm=keras.Sequential([])\nm.fit(a,b,validation_split=.1)\nm.evaluate(c,d)\n", 2, 2, id="keras mnist valsplit"),
    pytest.param(HEAD + "(x_train,y_train),(x_test,y_test)=keras.datasets.mnist.load_data()\nm=keras.Sequential([])\nm.fit(x_train,y_train,validation_data=(x_test,y_test))\nm.evaluate(x_test,y_test)\n", 1, 2, id="keras mnist test as val"),
    pytest.param("from transformers import AutoModelForSequenceClassification, Trainer, TrainingArguments, AutoTokenizer\nfrom datasets import load_dataset\nd=load_dataset('imdb')\ntok=AutoTokenizer.from_pretrained('bert')\nd=d.map(lambda e: tok(e['text']),batched=True)\nm=AutoModelForSequenceClassification.from_pretrained('bert')\nt=Trainer(model=m,args=TrainingArguments('o'),train_dataset=d['train'],eval_dataset=d['test'])\nt.train()\nprint(t.evaluate())\n", 1, 2, id="hf trainer"),
    pytest.param("from transformers import AutoModelForSequenceClassification, Trainer, TrainingArguments, AutoTokenizer\nfrom datasets import load_dataset\nd=load_dataset('emotion')\nm=AutoModelForSequenceClassification.from_pretrained('bert')\nt=Trainer(model=m,args=TrainingArguments('o',load_best_model_at_end=True),train_dataset=d['train'],eval_dataset=d['validation'])\nt.train()\nprint(t.evaluate(d['test']))\n", 2, 2, id="hf trainer 3"),
    pytest.param("from transformers import AutoModelForSequenceClassification, Trainer, TrainingArguments\nfrom datasets import load_dataset\nd=load_dataset('csv',data_files='x.csv')['train'].train_test_split(test_size=.2)\nm=AutoModelForSequenceClassification.from_pretrained('bert')\nt=Trainer(model=m,args=TrainingArguments('o'),train_dataset=d['train'],eval_dataset=d['test'])\nt.train()\n", 1, 2, id="hf split"),
    pytest.param("import lightning as L, torch\nfrom torch.utils.data import DataLoader, random_split\nfrom torchvision.datasets import MNIST\nclass M(L.LightningModule):\n    def training_step(self,b,i):\n        return self.l(b)\na,b=random_split(MNIST('.',train=True),[5,1])\nt=L.Trainer()\nm=M()\nt.fit(m,DataLoader(a),DataLoader(b))\nt.test(m,DataLoader(MNIST('.',train=False)))\n", 2, 2, id="lightning"),
    pytest.param(HEAD + "df=pd.read_csv('x.csv')\nX=df.drop('y',axis=1)\ny=df.y\nX_tr,X_te,y_tr,y_te=train_test_split(X,y)\nm=RandomForestClassifier().fit(X_tr,y_tr)\nprint(m.score(X_tr,y_tr),m.score(X_te,y_te))\n", 1, 2, id="two sklearn splits"),
    pytest.param(HEAD + "df=pd.read_csv('x.csv')\nX=df.drop('y',axis=1)\ny=df.y\nX_tr,X_te,y_tr,y_te=train_test_split(X,y)\nm=RandomForestClassifier()\nprint(cross_val_score(m,X_tr,y_tr,cv=5).mean())\nm.fit(X_tr,y_tr)\nprint(m.score(X_te,y_te))\n", 2, 2, id="cv on train + test"),
    pytest.param(HEAD + "class LR:\n    def __init__(self,lr=.1):\n        self.lr=lr\n    def fit(self,X,y):\n        self.w=np.zeros(X.shape[1])\n        for _ in range(10):\n            p=X@self.w\n            self.w-=self.lr*X.T@(p-y)\n    def predict(self,X):\n        return X@self.w>0\ndf=pd.read_csv('x.csv')\nX_train,X_test,y_train,y_test=train_test_split(df.drop('y',axis=1),df['y'])\nm=LR()\nm.fit(X_train,y_train)\nprint((m.predict(X_test)==y_test).mean())\n", 1, 2, id="numpy scratch class"),
    pytest.param(HEAD + "from statsmodels.tsa.statespace.sarimax import SARIMAX\ndf=pd.read_csv('x.csv')\ntrain=df['y'][:-12]\ntest=df['y'][-12:]\nm=SARIMAX(train).fit()\np=m.forecast(12)\nprint(mean_squared_error(test,p))\n", 1, 2, id="sarimax"),
    pytest.param(HEAD + "from prophet import Prophet\nfrom prophet.diagnostics import cross_validation\ndf=pd.read_csv('x.csv')\nm=Prophet().fit(df)\nprint(cross_validation(m,horizon='30 days'))\n", 2, 2, id="prophet cv"),
    pytest.param(HEAD + NET + LOOPS + "tr=DataLoader(datasets.MNIST('.',train=True))\n" + MADE + "for e in range(5):\n    train(model,tr,crit,opt)\n", 0, None, id="no holdout torch"),
    pytest.param(HEAD + "from sklearn.cluster import KMeans\ndf=pd.read_csv('x.csv')\nX=StandardScaler().fit_transform(df)\nk=KMeans(3).fit(X)\nprint(silhouette_score(X,k.labels_))\n", 0, None, id="kmeans"),
    pytest.param(HEAD + "import optuna\ndf=pd.read_csv('x.csv')\nX_train,X_test,y_train,y_test=train_test_split(df.drop('y',axis=1),df['y'])\ndef obj(trial):\n    m=RandomForestClassifier(max_depth=trial.suggest_int('d',1,5))\n    return cross_val_score(m,X_train,y_train).mean()\ns=optuna.create_study()\ns.optimize(obj,n_trials=5)\nm=RandomForestClassifier(**s.best_params).fit(X_train,y_train)\nprint(m.score(X_test,y_test))\n", 2, 2, id="optuna cv"),
    pytest.param(HEAD + "import keras_tuner as kt\ndf=pd.read_csv('x.csv')\nX_train,X_test,y_train,y_test=train_test_split(df.drop('y',axis=1),df['y'])\ndef build(hp):\n    return keras.Sequential([])\nt=kt.RandomSearch(build,objective='val_accuracy')\nt.search(X_train,y_train,validation_split=.2)\nm=t.get_best_models()[0]\nprint(m.evaluate(X_test,y_test))\n", 2, 2, id="keras tuner"),
    pytest.param("from surprise import SVD, Dataset, accuracy\nfrom surprise.model_selection import train_test_split, cross_validate\nd=Dataset.load_builtin('ml-100k')\ncross_validate(SVD(),d,cv=5)\n", 2, 2, id="surprise"),
    pytest.param(HEAD + "from catboost import CatBoostClassifier\ndf=pd.read_csv('x.csv')\nX_train,X_test,y_train,y_test=train_test_split(df.drop('y',axis=1),df['y'])\nm=CatBoostClassifier()\nm.fit(X_train,y_train,eval_set=(X_test,y_test))\nprint(m.score(X_test,y_test))\n", 1, 1, id="catboost eval"),
    pytest.param(HEAD + "import lightgbm as lgb\ndf=pd.read_csv('x.csv')\nX_train,X_test,y_train,y_test=train_test_split(df.drop('y',axis=1),df['y'])\nm=lgb.LGBMClassifier()\nm.fit(X_train,y_train,eval_set=[(X_test,y_test)],callbacks=[lgb.early_stopping(10)])\nprint(m.score(X_test,y_test))\n", 1, 1, id="lgb callbacks"),
    pytest.param("from gensim.models import Word2Vec\nm=Word2Vec([l.split() for l in open('t.txt')])\n", 0, None, id="word2vec"),
    pytest.param(HEAD + "df=pd.read_csv('x.csv')\nA,X_test,b,y_test=train_test_split(df.drop('y',axis=1),df['y'])\nX_train,X_val,y_train,y_val=train_test_split(A,b)\nm=LogisticRegression().fit(X_train,y_train)\nbest=max(np.arange(0,1,.1),key=lambda t: f1_score(y_val,m.predict_proba(X_val)[:,1]>t))\nprint(f1_score(y_test,m.predict_proba(X_test)[:,1]>best))\n", 2, 2, id="clf threshold on val"),
    pytest.param(HEAD + "class Pipe:\n    def __init__(self,path):\n        self.path=path\n    def load(self):\n        self.df=pd.read_csv(self.path)\n    def split(self):\n        self.X_train,self.X_test,self.y_train,self.y_test=train_test_split(self.df.drop('y',axis=1),self.df['y'])\n    def scale(self):\n        s=StandardScaler()\n        self.X_train=s.fit_transform(self.X_train)\n        self.X_test=s.transform(self.X_test)\n    def train(self):\n        self.model=RandomForestClassifier()\n        self.model.fit(self.X_train,self.y_train)\n    def evaluate(self):\n        p=self.model.predict(self.X_test)\n        print(classification_report(self.y_test,p))\n    def run(self):\n        self.load()\n        self.split()\n        self.scale()\n        self.train()\n        self.evaluate()\nif __name__=='__main__':\n    Pipe('x.csv').run()\n", 1, 2, id="class pipeline"),
]  # fmt: skip


def level(answer: Answer) -> float | None:
    return answer.value if isinstance(answer, Measured) else None


@pytest.mark.parametrize(("source", "validation", "leakage"), PROGRAMS)
def test_programs(source: str, validation: int, leakage: int | None) -> None:
    made = program({"a.py": source})
    found = flow(made.modules, made.code, made.reach)

    assert level(validation_sound(found, made.work, made.tree, ProjectKind())) == validation
    assert level(leakage_free(found, made.work, made.tree, ProjectKind())) == leakage
