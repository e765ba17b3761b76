"""Which commands and ready-made steps bring a project to where it is used?"""

from __future__ import annotations

import posixpath

_COMMANDS: tuple[tuple[str, ...], ...] = (
    ("docker", "push"), ("podman", "push"), ("buildah", "push"), ("docker", "buildx", "--push"),
    ("docker", "build", "--push"), ("docker", "compose", "push"), ("docker-compose", "push"), ("docker", "stack", "deploy"),
    ("docker", "service", "update"), ("docker", "manifest", "push"),
    ("kubectl", "apply"), ("kubectl", "create"), ("kubectl", "set", "image"), ("kubectl", "rollout", "restart"),
    ("kubectl", "replace"), ("oc", "apply"), ("helm", "upgrade"), ("helm", "install"), ("kustomize", "build"),
    ("argocd", "app", "sync"), ("skaffold", "run"), ("skaffold", "deploy"),
    ("terraform", "apply"), ("tofu", "apply"), ("terragrunt", "apply"), ("pulumi", "up"), ("cdk", "deploy"),
    ("ansible-playbook",), ("sam", "deploy"), ("sls", "deploy"), ("serverless", "deploy"),
    ("gcloud", "run", "deploy"), ("gcloud", "app", "deploy"), ("gcloud", "functions", "deploy"), ("gcloud", "builds", "submit"),
    ("gcloud", "ai", "endpoints", "deploy-model"), ("gcloud", "container", "clusters", "get-credentials"),
    ("aws", "ecs", "update-service"), ("aws", "ecs", "register-task-definition"), ("aws", "lambda", "update-function-code"),
    ("aws", "lambda", "create-function"), ("aws", "elasticbeanstalk"), ("aws", "apprunner"), ("aws", "sagemaker"),
    ("aws", "cloudformation", "deploy"), ("aws", "deploy"), ("eb", "deploy"), ("copilot", "deploy"), ("copilot", "svc", "deploy"),
    ("az", "webapp"), ("az", "containerapp"), ("az", "container", "create"), ("az", "functionapp", "deployment"),
    ("az", "ml", "online-deployment"), ("az", "ml", "online-endpoint"), ("az", "ml", "model", "deploy"), ("az", "aks"),
    ("az", "acr", "build"), ("func", "azure", "functionapp", "publish"), ("azd", "up"), ("azd", "deploy"),
    ("heroku", "container:push"), ("heroku", "container:release"), ("heroku", "create"), ("git", "push", "heroku"),
    ("git", "push", "dokku"), ("git", "push", "space"), ("git", "push", "hf"), ("git", "push", "huggingface"),
    ("fly", "deploy"), ("flyctl", "deploy"), ("fly", "launch"), ("flyctl", "launch"), ("railway", "up"), ("railway", "deploy"),
    ("vercel",), ("netlify", "deploy"), ("wrangler", "deploy"), ("firebase", "deploy"), ("render", "deploys"), ("koyeb",),
    ("twine", "upload"), ("poetry", "publish"), ("uv", "publish"), ("flit", "publish"), ("hatch", "publish"), ("pdm", "publish"),
    ("maturin", "publish"), ("npm", "publish"), ("huggingface-cli", "upload"), ("hf", "upload"), ("gradio", "deploy"),
    ("modal", "deploy"), ("bentoml", "deploy"), ("bentoml", "deployment"), ("bentoml", "push"), ("bentoml", "containerize"),
    ("bentoctl",), ("cog", "push"), ("truss", "push"), ("mlflow", "deployments", "create"), ("mlflow", "sagemaker"),
    ("mlflow", "models", "build-docker"), ("anyscale", "service"), ("anyscale", "services"), ("serve", "deploy"), ("ray", "up"),
    ("sky", "serve", "up"), ("sky", "launch"), ("prefect", "deploy"), ("prefect", "deployment", "apply"), ("zenml", "model-deployer"),
    ("databricks", "bundle", "deploy"), ("rsconnect", "deploy"), ("dokku",), ("cf", "push"), ("nomad", "run"), ("nomad", "job"),
    ("lightning", "run", "app"), ("cml", "runner", "launch"),
)  # fmt: skip
_ACTIONS: tuple[tuple[str, str], ...] = (
    ("pypa/gh-action-pypi-publish", "publishes the package"),
    ("docker/build-push-action", "publishes an image"),
    ("docker/bake-action", "publishes an image"),
    ("mr-smithers-excellent/docker-build-push", "publishes an image"),
    ("elgohr/publish-docker-github-action", "publishes an image"),
    ("redhat-actions/push-to-registry", "publishes an image"),
    ("akhileshns/heroku-deploy", "deploys to Heroku"),
    ("azure/webapps-deploy", "deploys to Azure"),
    ("azure/container-apps-deploy-action", "deploys to Azure"),
    ("azure/aci-deploy", "deploys to Azure"),
    ("azure/k8s-deploy", "deploys to Kubernetes"),
    ("azure/functions-action", "deploys to Azure"),
    ("azure/static-web-apps-deploy", "deploys to Azure"),
    ("google-github-actions/deploy-cloudrun", "deploys to Cloud Run"),
    ("google-github-actions/deploy-appengine", "deploys to App Engine"),
    ("google-github-actions/deploy-cloud-functions", "deploys to Cloud Functions"),
    ("aws-actions/amazon-ecs-deploy-task-definition", "deploys to ECS"),
    ("aws-actions/aws-lambda-deploy", "deploys to Lambda"),
    ("einaregilsson/beanstalk-deploy", "deploys to Elastic Beanstalk"),
    ("aws-actions/aws-cloudformation-github-deploy", "deploys to CloudFormation"),
    ("superfly/flyctl-actions", "deploys to Fly.io"),
    ("johnbeynon/render-deploy-action", "deploys to Render"),
    ("sws2apps/render-deployment", "deploys to Render"),
    ("bervproject/railway-deploy", "deploys to Railway"),
    ("amondnet/vercel-action", "deploys to Vercel"),
    ("appleboy/ssh-action", "deploys over SSH"),
    ("appleboy/scp-action", "deploys over SSH"),
    ("easingthemes/ssh-deploy", "deploys over SSH"),
    ("burnett01/rsync-deployments", "deploys over SSH"),
    ("nateraw/huggingface-sync-action", "deploys to a Space"),
    ("jacobtomlinson/gh-action-helm-deploy", "deploys a Helm chart"),
    ("steebchen/kubectl", "deploys to Kubernetes"),
    ("actions-hub/kubectl", "deploys to Kubernetes"),
    ("bentoml/deploy-bento-action", "deploys a bento"),
    ("digitalocean/app_action", "deploys to DigitalOcean"),
)
_HOOKS = (
    "deploy_hook",
    "deploy-hook",
    "deployhook",
    "api.render.com/deploy",
    "api.vercel.com",
    "api.koyeb.com",
    "/deploy/srv-",
)


def deploys(argv: tuple[str, ...]) -> str:
    """Return what a command deploys or publishes with, as its first words; empty for any other command."""
    if not argv or not argv[0]:
        return ""
    words = [posixpath.basename(argv[0]), *argv[1:60]]
    if words[0].startswith("python") and words[1:2] == ["-m"]:
        words = words[2:]
    if any(w in {"--help", "-h", "--dry-run", "--dry-run=client", "--dry-run=server"} for w in words):
        return ""
    for wanted in _COMMANDS:
        if words and words[0] == wanted[0] and _in_order(words[1:], wanted[1:]):
            return " ".join(wanted)
    said = " ".join(words).lower()
    if words[:1] in (["curl"], ["wget"], ["http"]) and any(h in said for h in _HOOKS):
        return "deploy hook"
    if (
        words[:1] == ["git"]
        and "push" in words[:4]
        and ("huggingface.co" in said or "heroku" in said or "dokku" in said)
    ):
        return "git push to a host"
    remote = ("docker", "systemctl", "git pull", "pm2", "kubectl")
    if words[:1] in (["ssh"], ["sshpass"]) and any(r in said for r in remote):
        return "deploys over SSH"
    return ""


def _in_order(words: list[str], wanted: tuple[str, ...]) -> bool:
    """Whether ``wanted`` are among ``words`` in this order, the first of them before any other word that is no option."""
    left = list(wanted)
    valued = False
    for word in words:
        if not left:
            return True
        if word == left[0]:
            left.pop(0)
            valued = False
        elif left[0].startswith("-") or word in {"alpha", "beta"} or valued:
            valued = False
        elif word.startswith("-"):
            valued = "=" not in word
        else:
            return False
    return not left


def published_by(action: str) -> str:
    """Return what a ready-made step does, where it deploys or publishes; else nothing."""
    name = action.lower()
    return next((what for start, what in _ACTIONS if name == start or name.startswith(f"{start}/")), "")


def docker_pushes(action: str) -> bool:
    """Whether a step builds an image and publishes it only if it is told so."""
    return action.lower().startswith(("docker/build-push-action", "docker/bake-action"))
