"""Are leaks found in the ways in which people write them, and are honest ways left alone?"""

from __future__ import annotations

import pytest

from tests.facts.test_flow import CV, FIT, READ, REST, SPLIT, XY, followed, told

MORE = """
import re
import torch
from imblearn.over_sampling import SMOTE, RandomOverSampler
from keras.layers import LSTM, Dense
from keras.models import Sequential
from scipy import stats
from sklearn.feature_selection import SelectFromModel, chi2
from sklearn.impute import KNNImputer
from sklearn.linear_model import Lasso
from sklearn.neighbors import KNeighborsClassifier
"""

LEAKING = [
    pytest.param("train=pd.read_csv('train.csv')\ntest=pd.read_csv('test.csv')\nfor dataset in [train,test]:\n    dataset['Age'].fillna(dataset['Age'].median(), inplace=True)\nX=train.drop('Survived',axis=1)\ny=train['Survived']\n" + SPLIT + FIT, id="both files in a loop"),
    pytest.param(READ + "df = df[(np.abs(stats.zscore(df[['a','b']])) < 3).all(axis=1)]\n" + REST, id="outliers by zscore of scipy"),
    pytest.param(READ + "sc=StandardScaler()\ndfs=pd.DataFrame(sc.fit_transform(df.drop('y',axis=1)), columns=df.columns[:-1])\nX=dfs\ny=df['y']\n" + SPLIT + FIT, id="scaled into a new frame"),
    pytest.param("class P:\n    def __init__(self,path):\n        self.df=pd.read_csv(path)\n    def clean(self):\n        self.df['a']=self.df['a'].fillna(self.df['a'].mean())\n        return self\n    def xy(self):\n        return self.df.drop('y',axis=1), self.df['y']\nX,y=P('x.csv').clean().xy()\n" + SPLIT + FIT, id="chained methods of an own class"),
    pytest.param(READ + "num=['a','b']\ndf[num]=KNNImputer(n_neighbors=5).fit_transform(df[num])\n" + REST, id="nearest neighbours impute"),
    pytest.param(READ + "corpus=[]\nfor i in range(0,1000):\n    r=re.sub('[^a-z]',' ',df['Review'][i])\n    r=r.lower().split()\n    r=[w for w in r if w not in ('a','b')]\n    r=' '.join(r)\n    corpus.append(r)\ncv=CountVectorizer(max_features=1500)\nX=cv.fit_transform(corpus).toarray()\ny=df.iloc[:,1].values\n" + SPLIT + FIT, id="corpus built in a loop"),
    pytest.param(READ + XY + "sm=SMOTE(random_state=2)\nX_res,y_res=sm.fit_resample(X,y)\nX_train,X_test,y_train,y_test=train_test_split(X_res,y_res)\n" + FIT, id="SMOTE, other names"),
    pytest.param(READ + "data=df.filter(['Close'])\ndataset=data.values\nn=int(np.ceil(len(dataset)*.8))\nsc=MinMaxScaler(feature_range=(0,1))\nscaled=sc.fit_transform(dataset)\ntrain=scaled[0:n,:]\nxs,ys=[],[]\nfor i in range(60,len(train)):\n    xs.append(train[i-60:i,0])\n    ys.append(train[i,0])\nxs,ys=np.array(xs),np.array(ys)\nxs=np.reshape(xs,(xs.shape[0],xs.shape[1],1))\nm=Sequential()\nm.add(LSTM(50))\nm.add(Dense(1))\nm.compile(optimizer='adam',loss='mse')\nm.fit(xs,ys,batch_size=1,epochs=1)\ntest=scaled[n-60:,:]\nxt=[]\nyt=dataset[n:,:]\nfor i in range(60,len(test)):\n    xt.append(test[i-60:i,0])\nxt=np.array(xt)\np=m.predict(xt)\np=sc.inverse_transform(p)\nprint(np.sqrt(np.mean(((p-yt)**2))))\n", id="stock prices, windows by hand"),
    pytest.param(READ + XY + "X=StandardScaler().fit_transform(X)\nkf=StratifiedKFold(n_splits=5)\nms=[]\nms.append(('LR',LogisticRegression()))\nfor name,model in ms:\n    r=cross_val_score(model,X,y,cv=kf)\n    print(name,r.mean())\n", id="models in a list, folds"),
    pytest.param(READ + "df['b'].fillna(value=df['b'].mean(),inplace=True)\n" + REST, id="fillna by keyword"),
    pytest.param(READ + "df.fillna(df.median(numeric_only=True),inplace=True)\n" + REST, id="all medians in place"),
    pytest.param(READ + "num=df.select_dtypes(include=['number']).columns\nfor c in num:\n    df[c].fillna(df[c].median(),inplace=True)\n" + REST, id="medians of columns by type"),
    pytest.param(READ + XY + "from sklearn.compose import make_column_transformer\np=make_column_transformer((StandardScaler(),['a']),(OneHotEncoder(),['b']))\nX=p.fit_transform(X)\n" + SPLIT + FIT, id="make_column_transformer"),
    pytest.param(READ + "c=['a','b']\ndf[c]=df[c].apply(lambda x:(x-x.min())/(x.max()-x.min()))\n" + REST, id="min-max by apply"),
    pytest.param(READ + XY + "print(cross_val_score(KNeighborsClassifier(),StandardScaler().fit_transform(X),y).mean())\n", id="scaled within the call"),
    pytest.param(READ + XY + "s=SelectKBest(chi2,k=10).fit(X,y)\nX=X[X.columns[s.get_support()]]\n" + SPLIT + FIT, id="selected by get_support"),
    pytest.param(READ + XY + "s=SelectKBest(chi2,k=10)\ns.fit(X,y)\nX=s.transform(X)\n" + SPLIT + FIT, id="selector fitted, then used"),
    pytest.param(READ + XY + "s=SelectFromModel(Lasso()).fit(X,y)\nX=s.transform(X)\n" + SPLIT + FIT, id="selected by a model"),
    pytest.param(READ + "df.drop(df[df['x']>df['x'].quantile(.99)].index,inplace=True)\n" + REST, id="rows dropped by a quantile in place"),
    pytest.param(READ + "Q1=df.quantile(.25)\nQ3=df.quantile(.75)\nIQR=Q3-Q1\ndf=df[~((df<(Q1-1.5*IQR))|(df>(Q3+1.5*IQR))).any(axis=1)]\n" + REST, id="outliers of all columns at once"),
    pytest.param(READ + "def rm(d,c):\n    q1=d[c].quantile(.25)\n    q3=d[c].quantile(.75)\n    i=q3-q1\n    return d[(d[c]>=q1-1.5*i)&(d[c]<=q3+1.5*i)]\nfor c in ['a','b']:\n    df=rm(df,c)\n" + REST, id="outliers in a helper"),
    pytest.param(READ + "import tensorflow as tf\nv=tf.keras.layers.TextVectorization(max_tokens=1000)\nv.adapt(df['text'].values)\nX=v(df['text'].values)\ny=df['y']\n" + SPLIT + "m=Sequential([])\nm.fit(X_train,y_train)\nm.evaluate(X_test,y_test)\n", id="keras vocabulary adapted"),
    pytest.param(READ + "upper=df['a'].mean()+3*df['a'].std()\ndf['a']=np.where(df['a']>upper,upper,df['a'])\n" + REST, id="capped at three deviations"),
    pytest.param(READ + XY + "ros=RandomOverSampler()\nX,y=ros.fit_resample(X,y)\n" + SPLIT + FIT, id="oversampled"),
    pytest.param(READ + "mean_age=round(df['Age'].mean())\ndf['Age']=df['Age'].fillna(mean_age)\n" + REST, id="rounded mean"),
    pytest.param(READ + "values={'a':df['a'].mean(),'b':df['b'].mode()[0]}\ndf=df.fillna(value=values)\n" + REST, id="a dict of values"),
    pytest.param(READ + "def fill(df):\n    out=df.copy()\n    for c in out.select_dtypes('number'):\n        out[c]=out[c].fillna(out[c].median())\n    return out\ndf=fill(df)\n" + REST, id="helper that fills a copy"),
    pytest.param(READ + "imputer=SimpleImputer(strategy='median')\nhousing_num=df.drop('ocean',axis=1)\nimputer.fit(housing_num)\nZ=imputer.transform(housing_num)\ntr=pd.DataFrame(Z,columns=housing_num.columns)\nX=tr.drop('y',axis=1)\ny=tr['y']\n" + SPLIT + FIT, id="imputer before a frame is made anew"),
    pytest.param(READ + "df.loc[df['a'].isnull(),'a']=df['a'].mean()\ndf.at[3,'b']=df['b'].median()\n" + REST, id="loc and at"),
    pytest.param(READ + "X=df[['text']]\ny=df['y']\nv=TfidfVectorizer()\nX=v.fit_transform(X['text'])\nfrom sklearn.naive_bayes import MultinomialNB\nX_train,X_test,y_train,y_test=train_test_split(X,y)\nm=MultinomialNB()\nm.fit(X_train,y_train)\np=m.predict(X_test)\nprint(np.mean(p==y_test))\n", id="naive Bayes on words"),
    pytest.param("from tensorflow.keras.preprocessing.text import Tokenizer\nfrom tensorflow.keras.preprocessing.sequence import pad_sequences\n" + READ + "texts=[t for t in df['text']]\nlabels=[l for l in df['y']]\ntok=Tokenizer()\ntok.fit_on_texts(texts)\nseq=tok.texts_to_sequences(texts)\nX=pad_sequences(seq)\ni=np.arange(X.shape[0])\nnp.random.shuffle(i)\nX=X[i]\nn=int(.8*len(X))\nm=Sequential([])\nm.fit(X[:n],labels[:n],validation_data=(X[n:],labels[n:]))\n", id="keras tokens, permuted by hand"),
    pytest.param(READ + "train_df,test_df=train_test_split(df)\nsc=StandardScaler()\nsc.fit(df[['a']])\ntrain_df['a']=sc.transform(train_df[['a']])\ntest_df['a']=sc.transform(test_df[['a']])\nm=LogisticRegression().fit(train_df[['a']],train_df['y'])\nprint(m.score(test_df[['a']],test_df['y']))\n", id="fitted on all after the split"),
    pytest.param(READ + XY + "X=stats.zscore(X)\n" + CV, id="zscore before folds"),
    pytest.param("@staticmethod\ndef f(): pass\ndef load_and_prep(path='x.csv'):\n    df=pd.read_csv(path)\n    num=['a','b']\n    sc=StandardScaler()\n    df[num]=sc.fit_transform(df[num])\n    return df\ndef train(df):\n    X_train,X_test,y_train,y_test=train_test_split(df.drop('y',axis=1),df['y'])\n    models={'lr':LogisticRegression(),'rf':RandomForestClassifier()}\n    for n,m in models.items():\n        m.fit(X_train,y_train)\n        print(n,accuracy_score(y_test,m.predict(X_test)))\nif __name__=='__main__':\n    train(load_and_prep())\n", id="script of functions"),
    pytest.param(READ + "from sklearn.preprocessing import RobustScaler\nfor c in ['a','b']:\n    df[c]=RobustScaler().fit_transform(df[c].values.reshape(-1,1))\n" + REST, id="robust scaler, column by column"),
    pytest.param("import statsmodels.api as sm\n" + READ + XY + "X=(X-X.mean())/X.std()\n" + SPLIT + "m=sm.OLS(y_train,X_train).fit()\nprint(mean_squared_error(y_test,m.predict(X_test)))\n", id="statsmodels"),
    pytest.param(READ + XY + "import lightgbm as lgb\nX=X.fillna(X.mean())\n" + SPLIT + "d=lgb.Dataset(X_train,label=y_train)\nm=lgb.train({},d)\nprint(accuracy_score(y_test,m.predict(X_test)>.5))\n", id="lightgbm data sets"),
    pytest.param(READ + "mu,sd=df.mean(),df.std()\nnorm=(df-mu)/sd\ntrain=norm.sample(frac=.8,random_state=0)\ntest=norm.drop(train.index)\nm=Sequential([])\nm.fit(train.drop('y',axis=1),train.pop('y'))\nm.evaluate(test.drop('y',axis=1),test['y'])\n", id="sample and the rest"),
    pytest.param("import pyspark\n" + READ + "df['a']=df['a'].interpolate()\ndf['b']=df['b'].fillna(df['b'].mean())\nmsk=np.random.rand(len(df))<.8\ntr=df[msk]\nte=df[~msk]\nm=LinearRegression()\nm.fit(tr[['a','b']],tr['y'])\nprint(np.mean((m.predict(te[['a','b']])-te['y'])**2))\n", id="random mask"),
]  # fmt: skip


@pytest.mark.parametrize("source", LEAKING)
def test_clear_leaks(source: str) -> None:
    assert "clear" in {severity for _, severity in told(followed(MORE + source))}


HONEST = [
    pytest.param("train=pd.read_csv('train.csv')\ntest=pd.read_csv('test.csv')\nm0=train['a'].median()\ntrain['a']=train['a'].fillna(m0)\ntest['a']=test['a'].fillna(m0)\nm=LogisticRegression().fit(train.drop('y',axis=1),train['y'])\nsub=m.predict(test)\n", id="no local hold-out"),
    pytest.param(READ + XY + SPLIT + "num=X.select_dtypes('number').columns\nsc=StandardScaler()\nsc.fit(X_train[num])\nX_train[num]=sc.transform(X_train[num])\nX_test[num]=sc.transform(X_test[num])\n" + FIT, id="columns scaled after the split"),
    pytest.param(READ + XY + SPLIT + "X_train=X_train.fillna(X_train.mean())\nX_test=X_test.fillna(X_train.mean())\n" + FIT, id="filled by the training part"),
    pytest.param(READ + "d=df.copy()\nd=d.fillna(d.mean())\nprint(d.corr())\n" + REST, id="a copy for a table"),
    pytest.param(READ + XY + SPLIT + "sc=StandardScaler()\na=sc.fit_transform(X_train)\nb=sc.transform(X_test)\nm=LogisticRegression().fit(a,y_train)\nprint(m.score(b,y_test))\nsc=StandardScaler().fit(X)\nm=LogisticRegression().fit(sc.transform(X),y)\nimport joblib\njoblib.dump(m,'m.pkl')\n", id="fitted again for use"),
    pytest.param("import streamlit as st\n" + READ + "v=st.slider('a',df['a'].min(),df['a'].max(),df['a'].mean())\n" + XY + SPLIT + "m=LogisticRegression().fit(X_train,y_train)\nst.write(accuracy_score(y_test,m.predict(X_test)))\nu=pd.DataFrame({'a':[v]})\nst.write(m.predict(u))\n", id="widgets of an app"),
    pytest.param(READ + REST + "from sklearn.metrics import confusion_matrix\ncm=confusion_matrix(y_test,m.predict(X_test))\nprint(cm/cm.sum(axis=1))\n", id="shares of a confusion matrix"),
    pytest.param(READ + XY + SPLIT + "import joblib\nsc=StandardScaler()\nX_train=sc.fit_transform(X_train)\njoblib.dump(sc,'s.pkl')\nm=LogisticRegression().fit(X_train,y_train)\njoblib.dump(m,'m.pkl')\ns2=joblib.load('s.pkl')\nm2=joblib.load('m.pkl')\nprint(m2.score(s2.transform(X_test),y_test))\n", id="kept and taken up again"),
    pytest.param(READ + XY + SPLIT + "ae=Sequential([])\nae.fit(X_train,X_train,validation_split=.1)\nr=np.mean(np.square(X_train-ae.predict(X_train)),axis=1)\nt=np.percentile(r,95)\nr2=np.mean(np.square(X_test-ae.predict(X_test)),axis=1)\nprint(accuracy_score(y_test,r2>t))\n", id="threshold by training errors"),
    pytest.param(READ + "df['label']=df['rating'].apply(lambda x:1 if x>3 else 0)\nX,y=df['review'],df['label']\n" + SPLIT + "v=CountVectorizer()\nX_train=v.fit_transform(X_train)\nX_test=v.transform(X_test)\n" + FIT, id="labels by rule, words after the split"),
    pytest.param(READ + "df['y']=df['y'].map({'Yes':1,'No':0})\nc=df.corr()['y'].sort_values()\nprint(c)\n" + REST, id="correlations that are shown"),
    pytest.param(READ + "df=df.drop(columns=[c for c in df.columns if df[c].isnull().mean()>.5])\n" + REST, id="columns with many gaps"),
    pytest.param(READ + XY + "for i,j in KFold(5).split(X):\n    a,b=X.iloc[i].copy(),X.iloc[j].copy()\n    means=a.assign(t=y.iloc[i]).groupby('c')['t'].mean()\n    a['c']=a['c'].map(means)\n    b['c']=b['c'].map(means)\n    m=LogisticRegression().fit(a,y.iloc[i])\n    print(m.score(b,y.iloc[j]))\n", id="means of each fold"),
    pytest.param(READ + XY + SPLIT + "le=LabelEncoder()\ny_train=le.fit_transform(y_train)\ny_test=le.transform(y_test)\n" + FIT, id="codes of the target"),
    pytest.param(READ + XY + "from sklearn.preprocessing import normalize\nX=normalize(X)\n" + SPLIT + FIT, id="each row by its own norm"),
    pytest.param("from prophet import Prophet\n" + READ + "tr=df[:-30]\nte=df[-30:]\nm=Prophet()\nm.fit(tr)\nf=m.make_future_dataframe(periods=30)\np=m.predict(f)\nprint(mean_squared_error(te['y'],p['yhat'][-30:]))\n", id="prophet, last days"),
    pytest.param("from statsmodels.tsa.arima.model import ARIMA\n" + READ + "tr,te=train_test_split(df['y'],shuffle=False)\nhistory=[x for x in tr]\npreds=[]\nfor t in range(len(te)):\n    m=ARIMA(history,order=(5,1,0))\n    f=m.fit()\n    preds.append(f.forecast()[0])\n    history.append(te[t])\nprint(mean_squared_error(te,preds))\n", id="one step after the other"),
    pytest.param(READ + XY + SPLIT + "sc=StandardScaler().fit(X_train)\nm=LogisticRegression().fit(sc.transform(X_train),y_train)\nprint(m.score(sc.transform(X_test),y_test))\ndf['pred']=m.predict(sc.transform(X))\n", id="scores for a report on all"),
    pytest.param(READ + "X=df.drop('quality',axis=1)\ny=df['quality'].apply(lambda v:1 if v>=7 else 0)\n" + SPLIT + FIT, id="target by a rule"),
    pytest.param(READ + "df['quality']=pd.cut(df['quality'],bins=(2,6.5,8),labels=['bad','good'])\nle=LabelEncoder()\ndf['quality']=le.fit_transform(df['quality'])\nX=df.drop('quality',axis=1)\ny=df['quality']\n" + SPLIT + FIT, id="target in bins"),
    pytest.param(READ + "df['target']=df['num'].apply(lambda x:1 if x>0 else 0)\ndf.drop('num',axis=1,inplace=True)\nX=df.drop('target',axis=1)\ny=df['target']\n" + SPLIT + FIT, id="target made and its source dropped"),
    pytest.param(READ + "df['price']=np.log1p(df['price'])\nX=df.drop(['price','id'],axis=1)\ny=df['price']\n" + SPLIT + FIT, id="target as a logarithm"),
    pytest.param(READ + "df['total']=df['a']+df['b']\nX=df.drop('total',axis=1)\ny=df['total']\n" + SPLIT + FIT, id="target as a sum"),
    pytest.param(READ + "from sklearn.datasets import load_iris\niris=load_iris()\nX=iris.data\ny=iris.target\n" + SPLIT + FIT, id="iris"),
    pytest.param(READ + "from sklearn.datasets import load_iris\niris=load_iris()\ndf=pd.DataFrame(iris.data,columns=iris.feature_names)\ndf['species']=iris.target\nX=df.drop('species',axis=1)\ny=df['species']\n" + SPLIT + FIT, id="iris in a frame"),
    pytest.param(READ + "df['text']=df['text'].apply(lambda t:re.sub('x','',t))\ndf['len']=df['text'].apply(len)\nprint(df['len'].mean())\nX=df['text']\ny=df['y']\n" + SPLIT + "v=TfidfVectorizer()\na=v.fit_transform(X_train)\nb=v.transform(X_test)\nm=LogisticRegression().fit(a,y_train)\nprint(m.score(b,y_test))\n", id="lengths that are shown"),
    pytest.param(READ + XY + SPLIT + "class_w=y.value_counts()\nw={0:1,1:class_w[0]/class_w[1]}\nm=LogisticRegression(class_weight=w).fit(X_train,y_train)\nprint(m.score(X_test,y_test))\n", id="class weights"),
    pytest.param(READ + XY + SPLIT + "vocab=len(df['c'].unique())\nmaxlen=int(df['t'].str.len().max())\nm=Sequential([])\nm.add(Dense(vocab))\nm.fit(X_train,y_train,validation_data=(X_test,y_test))\n", id="sizes of the network"),
    pytest.param(READ + XY + SPLIT + "for k in range(1,20):\n    m=KNeighborsClassifier(n_neighbors=k)\n    m.fit(X_train,y_train)\n    print(k,np.mean(m.predict(X_test)!=y_test))\nm=KNeighborsClassifier(n_neighbors=7).fit(X_train,y_train)\nprint(m.score(X_test,y_test))\n", id="values tried on test rows, shown"),
    pytest.param(READ + "legit=df[df.y==0]\nfraud=df[df.y==1]\nlegit=legit.sample(n=492)\ndf=pd.concat([legit,fraud],axis=0)\n" + REST, id="undersampled by hand"),
    pytest.param(READ + "user=df.groupby('user')['rating'].mean().reset_index()\nprint(user)\nimport matplotlib.pyplot as plt\nplt.bar(user['user'],user['rating'])\n" + REST, id="a plot of groups"),
    pytest.param(READ + "df['date']=pd.to_datetime(df['date'])\ndf['month']=df['date'].dt.month\ndf=df.sort_values('date')\ndf['y']=df['y'].astype(int)\n" + REST, id="dates"),
    pytest.param(READ + XY + SPLIT + "X_train['r']=X_train['a']/X_train['b'].max()\nX_test['r']=X_test['a']/X_train['b'].max()\n" + FIT, id="maximum of the training part"),
    pytest.param(READ + XY + SPLIT + "fi=RandomForestClassifier().fit(X_train,y_train).feature_importances_\nprint(fi)\n" + FIT, id="importances that are shown"),
    pytest.param("train_df=pd.read_csv('train.csv')\ntest_df=pd.read_csv('test.csv')\nsc=StandardScaler()\na=sc.fit_transform(train_df.drop('y',axis=1))\nb=sc.transform(test_df.drop('y',axis=1))\nm=LogisticRegression().fit(a,train_df['y'])\nprint(accuracy_score(test_df['y'],m.predict(b)))\n", id="two files"),
    pytest.param("def load(split):\n    return pd.read_csv(f'{split}.csv')\ntr=load('train')\nte=load('test')\nmu=tr.mean()\ntr=tr-mu\nte=te-mu\nm=LogisticRegression().fit(tr[['a']],tr['y'])\nprint(m.score(te[['a']],te['y']))\n", id="two files by one function"),
    pytest.param(READ + XY + SPLIT + "X_train,X_val,y_train,y_val=train_test_split(X_train,y_train)\nbest,bm=0,None\nfor c in [.1,1]:\n    m=LogisticRegression(C=c).fit(X_train,y_train)\n    s=m.score(X_val,y_val)\n    if s>best:\n        best,bm=s,m\nprint(bm.score(X_test,y_test))\n", id="chosen on validation rows"),
    pytest.param(READ + XY + SPLIT + "from sklearn.ensemble import VotingClassifier\nv=VotingClassifier([('a',LogisticRegression()),('b',RandomForestClassifier())])\nv.fit(X_train,y_train)\nprint(v.score(X_test,y_test))\nshap_X=X.sample(100)\nimport shap\nshap.Explainer(v)(shap_X)\n", id="explained on all rows"),
    pytest.param(READ + "bins=[0,18,60,100]\ndf['g']=pd.cut(df['age'],bins)\ndf['fam']=df['sib']+df['par']+1\ndf['title']=df['Name'].str.extract(' ([A-Za-z]+)\\.')\ndf['title']=df['title'].replace(['Lady'],'Rare')\ndf=pd.get_dummies(df)\n" + REST, id="features of names and families"),
    pytest.param(READ + "from sklearn.model_selection import StratifiedShuffleSplit\ndf['cat']=pd.cut(df['inc'],bins=[0.,1.5,3.,np.inf],labels=[1,2,3])\ns=StratifiedShuffleSplit(n_splits=1,test_size=.2,random_state=42)\nfor a,b in s.split(df,df['cat']):\n    tr=df.loc[a]\n    te=df.loc[b]\nh=tr.drop('y',axis=1)\nl=tr['y'].copy()\np=Pipeline([('i',SimpleImputer()),('s',StandardScaler())])\nhp=p.fit_transform(h)\nm=LinearRegression().fit(hp,l)\nprint(cross_val_score(m,hp,l))\nprint(mean_squared_error(te['y'],m.predict(p.transform(te.drop('y',axis=1)))))\n", id="stratified split by index"),
]  # fmt: skip


@pytest.mark.parametrize("source", HONEST)
def test_no_leak(source: str) -> None:
    assert told(followed(MORE + source)) == []
