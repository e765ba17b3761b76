"""The headings that people use in other languages are about what they are about in English."""

from __future__ import annotations

import pytest

from evaluator.facts.documents.topics import heading_topics

# Language → topic → headings.
HEADINGS: dict[str, dict[str, str]] = {
    "Spanish": {
        "purpose": "Descripción | Descripción del proyecto | Introducción | Objetivo | Objetivos del proyecto | Sobre este proyecto | Contexto | Problema | Resumen | ¿Qué hace este proyecto? | Acerca del proyecto | Motivación | Visión general | Caso de uso | Problema de negocio",
        "install": "Instalación | Cómo instalar | Requisitos | Requisitos previos | Dependencias | Configuración del entorno | Pre-requisitos | Instalación y uso | Librerías utilizadas | Primeros pasos",
        "run": "Uso | Cómo usar | Ejecución | Cómo ejecutar | Cómo ejecutar el proyecto | Modo de uso | Cómo reproducir | Instrucciones de uso | Ejecutar la aplicación | Entrenamiento",
        "results": "Resultados | Resultados obtenidos | Rendimiento del modelo | Evaluación | Métricas | Conclusiones | Evaluación del modelo | Comparación de modelos | Desempeño",
        "data": "Datos | Dataset | Conjunto de datos | Fuente de datos | Descripción de los datos | Los datos | Origen de los datos | Diccionario de datos | Base de datos",
        "limitations": "Limitaciones | Desafíos | Limitaciones y trabajo futuro | Problemas conocidos | Retos | Consideraciones éticas | Lecciones aprendidas",
    },
    "Portuguese": {
        "purpose": "Descrição | Sobre o projeto | Introdução | Objetivo | Objetivos | Contexto | Problema de Negócio | Visão Geral | Resumo | O que é | Contexto do problema | Motivação | Entendimento do problema",
        "install": "Instalação | Como instalar | Requisitos | Pré-requisitos | Dependências | Configuração do ambiente | Bibliotecas utilizadas | Começando | Instalação e execução",
        "run": "Uso | Como usar | Execução | Como executar | Como rodar o projeto | Como rodar | Como reproduzir | Utilização | Executando o projeto | Treinamento",
        "results": "Resultados | Desempenho | Avaliação | Métricas | Conclusão | Desempenho do modelo | Comparação de modelos | Principais resultados",
        "data": "Dados | Conjunto de dados | Base de dados | Fonte de dados | Dataset | Os dados | Fonte dos dados | Dicionário de dados | Descrição dos dados",
        "limitations": "Limitações | Desafios | Limitações do modelo | Problemas conhecidos | Lições aprendidas | Considerações éticas | Dificuldades",
    },
    "French": {
        "purpose": "Description | Présentation | Présentation du projet | Objectif | Objectifs | Contexte | Introduction | À propos | Aperçu | Résumé | Problématique | But du projet | Vue d’ensemble",
        "install": "Installation | Prérequis | Dépendances | Comment installer | Environnement | Configuration | Pré-requis | Mise en place | Démarrage rapide | Bibliothèques utilisées",
        "run": "Utilisation | Usage | Exécution | Lancement | Comment utiliser | Lancer le projet | Comment exécuter | Entraînement | Démarrage | Mode d'emploi",
        "results": "Résultats | Performances | Évaluation | Métriques | Conclusion | Performance du modèle | Comparaison des modèles",
        "data": "Données | Jeu de données | Jeux de données | Source des données | Les données | Description des données | Base de données | Origine des données",
        "limitations": "Limites | Limitations | Défis | Difficultés rencontrées | Limites du modèle | Problèmes connus | Pistes et limites",
    },
    "German": {
        "purpose": "Beschreibung | Projektbeschreibung | Über das Projekt | Einleitung | Ziel | Zielsetzung | Hintergrund | Übersicht | Zusammenfassung | Motivation | Aufgabenstellung | Problemstellung | Ziel des Projekts | Überblick | Worum geht es?",
        "install": "Installation | Voraussetzungen | Abhängigkeiten | Einrichtung | Anforderungen | Umgebung | Schnellstart | Erste Schritte | Installationsanleitung | Verwendete Bibliotheken",
        "run": "Verwendung | Nutzung | Ausführung | Benutzung | Anwendung | Ausführen | Projekt starten | So startest du das Projekt | Training | Wie führe ich es aus?",
        "results": "Ergebnisse | Auswertung | Evaluation | Leistung | Metriken | Fazit | Modellvergleich | Bewertung | Ergebnis | Modellgüte",
        "data": "Daten | Datensatz | Datenquelle | Datenquellen | Datenbeschreibung | Datengrundlage | Die Daten | Datensätze",
        "limitations": "Einschränkungen | Grenzen | Herausforderungen | Limitationen | Bekannte Probleme | Schwächen | Einschränkungen und Ausblick",
    },
    "Russian": {
        "purpose": "Описание | Описание проекта | О проекте | Введение | Цель | Цель проекта | Задача | Постановка задачи | Обзор | Цели и задачи | Бизнес-задача | Мотивация | Краткое описание",
        "install": "Установка | Требования | Зависимости | Установка зависимостей | Окружение | Быстрый старт | Как установить | Необходимые библиотеки | Настройка окружения",
        "run": "Использование | Запуск | Как запустить | Запуск проекта | Инструкция по запуску | Обучение модели | Воспроизведение | Как использовать | Примеры использования",
        "results": "Результаты | Метрики | Оценка качества | Выводы | Качество модели | Сравнение моделей | Результат | Итоги | Оценка модели",
        "data": "Данные | Датасет | Набор данных | Источник данных | Описание данных | Исходные данные | Источники данных | Наборы данных",
        "limitations": "Ограничения | Недостатки | Проблемы | Известные проблемы | Ограничения модели | Сложности | Известные ограничения",
    },
    "Chinese": {
        "purpose": "项目简介 | 项目介绍 | 简介 | 概述 | 背景 | 项目背景 | 目标 | 问题描述 | 项目概述 | 任务描述 | 研究背景 | 关于本项目 | 项目说明 | 前言",
        "install": "安装 | 环境配置 | 环境要求 | 依赖 | 安装依赖 | 环境搭建 | 快速开始 | 环境准备 | 运行环境 | 依赖安装 | 前置条件 | 安装步骤 | 环境",
        "run": "使用方法 | 运行 | 使用说明 | 如何运行 | 使用 | 训练 | 快速开始 | 运行方法 | 如何使用 | 用法 | 启动 | 运行步骤 | 训练模型 | 操作步骤 | 复现",
        "results": "结果 | 实验结果 | 模型性能 | 评估 | 性能 | 效果 | 评价指标 | 结论 | 模型评估 | 运行结果 | 对比实验 | 实验 | 准确率",
        "data": "数据 | 数据集 | 数据来源 | 数据说明 | 数据描述 | 数据集介绍 | 数据准备 | 数据下载 | 数据获取",
        "limitations": "局限性 | 不足 | 限制 | 已知问题 | 存在的问题 | 挑战 | 注意事项 | 局限与展望 | 缺点 | 待改进",
    },
    "Japanese": {
        "purpose": "概要 | はじめに | 目的 | プロジェクト概要 | 背景 | 課題 | このプロジェクトについて | 紹介 | 問題設定 | プロジェクトの目的 | 説明",
        "install": "インストール | セットアップ | 環境構築 | 必要条件 | 依存関係 | 必要なもの | 動作環境 | インストール方法 | 準備 | 必要なライブラリ | 環境 | 前提条件",
        "run": "使い方 | 実行方法 | 使用方法 | 実行 | 起動方法 | 学習 | 学習方法 | 推論 | 動かし方 | クイックスタート | 実行手順",
        "results": "結果 | 評価 | 精度 | 性能 | 実験結果 | 考察 | まとめ | 結論 | 評価結果 | モデルの性能",
        "data": "データ | データセット | 使用データ | データについて | データソース | データの説明 | 入力データ | データの準備",
        "limitations": "制限事項 | 課題 | 限界 | 既知の問題 | 注意点 | 注意事項 | 制約 | 今後の課題 | 問題点",
    },
}
CASES = [(language, topic) for language, topics in HEADINGS.items() for topic in topics]


@pytest.mark.parametrize(("language", "topic"), CASES, ids=[" ".join(case) for case in CASES])
def test_headings_in(language: str, topic: str) -> None:
    missed = [h for h in HEADINGS[language][topic].split(" | ") if topic not in heading_topics(h)]

    assert missed == []
