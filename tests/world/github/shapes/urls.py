"""The many ``*_url`` fields, as templates below the API root (docs: the response examples of each resource)."""

from __future__ import annotations

Templates = dict[str, str]

USER: Templates = {
    "url": "/users/{login}",
    "html_url": "/{login}",
    "avatar_url": "/_avatar/{login}.svg",
    "followers_url": "/users/{login}/followers",
    "following_url": "/users/{login}/following{{/other_user}}",
    "gists_url": "/users/{login}/gists{{/gist_id}}",
    "starred_url": "/users/{login}/starred{{/owner}}{{/repo}}",
    "subscriptions_url": "/users/{login}/subscriptions",
    "organizations_url": "/users/{login}/orgs",
    "repos_url": "/users/{login}/repos",
    "events_url": "/users/{login}/events{{/privacy}}",
    "received_events_url": "/users/{login}/received_events",
}

_REPOSITORY_API = {
    "url": "",
    "archive_url": "/{{archive_format}}{{/ref}}",
    "assignees_url": "/assignees{{/user}}",
    "blobs_url": "/git/blobs{{/sha}}",
    "branches_url": "/branches{{/branch}}",
    "collaborators_url": "/collaborators{{/collaborator}}",
    "comments_url": "/comments{{/number}}",
    "commits_url": "/commits{{/sha}}",
    "compare_url": "/compare/{{base}}...{{head}}",
    "contents_url": "/contents/{{+path}}",
    "contributors_url": "/contributors",
    "deployments_url": "/deployments",
    "downloads_url": "/downloads",
    "events_url": "/events",
    "forks_url": "/forks",
    "git_commits_url": "/git/commits{{/sha}}",
    "git_refs_url": "/git/refs{{/sha}}",
    "git_tags_url": "/git/tags{{/sha}}",
    "hooks_url": "/hooks",
    "issue_comment_url": "/issues/comments{{/number}}",
    "issue_events_url": "/issues/events{{/number}}",
    "issues_url": "/issues{{/number}}",
    "keys_url": "/keys{{/key_id}}",
    "labels_url": "/labels{{/name}}",
    "languages_url": "/languages",
    "merges_url": "/merges",
    "milestones_url": "/milestones{{/number}}",
    "notifications_url": "/notifications{{?since,all,participating}}",
    "pulls_url": "/pulls{{/number}}",
    "releases_url": "/releases{{/id}}",
    "stargazers_url": "/stargazers",
    "statuses_url": "/statuses/{{sha}}",
    "subscribers_url": "/subscribers",
    "subscription_url": "/subscription",
    "tags_url": "/tags",
    "teams_url": "/teams",
    "trees_url": "/git/trees{{/sha}}",
}
REPOSITORY: Templates = {name: "/repos/{repo}" + rest for name, rest in _REPOSITORY_API.items()} | {
    "html_url": "/{repo}",
    "clone_url": "/{repo}.git",
    "git_url": "/{repo}.git",
    "ssh_url": "/{repo}.git",
    "svn_url": "/{repo}",
}

PULL: Templates = {
    "url": "/repos/{repo}/pulls/{number}",
    "html_url": "/{repo}/pull/{number}",
    "diff_url": "/{repo}/pull/{number}.diff",
    "patch_url": "/{repo}/pull/{number}.patch",
    "issue_url": "/repos/{repo}/issues/{number}",
    "commits_url": "/repos/{repo}/pulls/{number}/commits",
    "review_comments_url": "/repos/{repo}/pulls/{number}/comments",
    "review_comment_url": "/repos/{repo}/pulls/comments{{/number}}",
    "comments_url": "/repos/{repo}/issues/{number}/comments",
    "statuses_url": "/repos/{repo}/statuses/{sha}",
}

ISSUE: Templates = {
    "url": "/repos/{repo}/issues/{number}",
    "repository_url": "/repos/{repo}",
    "labels_url": "/repos/{repo}/issues/{number}/labels{{/name}}",
    "comments_url": "/repos/{repo}/issues/{number}/comments",
    "events_url": "/repos/{repo}/issues/{number}/events",
    "timeline_url": "/repos/{repo}/issues/{number}/timeline",
    "html_url": "/{repo}/{page}/{number}",
}

COMMENT: Templates = {
    "url": "/repos/{repo}/issues/comments/{id}",
    "html_url": "/{repo}/{page}/{number}#issuecomment-{id}",
    "issue_url": "/repos/{repo}/issues/{number}",
}

REVIEW: Templates = {
    "html_url": "/{repo}/pull/{number}#pullrequestreview-{id}",
    "pull_request_url": "/repos/{repo}/pulls/{number}",
}

REVIEW_COMMENT: Templates = {
    "url": "/repos/{repo}/pulls/comments/{id}",
    "html_url": "/{repo}/pull/{number}#discussion_r{id}",
    "pull_request_url": "/repos/{repo}/pulls/{number}",
}

CHECK_RUN: Templates = {"url": "/repos/{repo}/check-runs/{id}", "html_url": "/{repo}/runs/{id}"}

COMPARE: Templates = {
    "url": "/repos/{repo}/compare/{span}",
    "html_url": "/{repo}/compare/{span}",
    "permalink_url": "/{repo}/compare/{span}",
    "diff_url": "/{repo}/compare/{span}.diff",
    "patch_url": "/{repo}/compare/{span}.patch",
}

COMMIT: Templates = {
    "url": "/repos/{repo}/commits/{sha}",
    "html_url": "/{repo}/commit/{sha}",
    "comments_url": "/repos/{repo}/commits/{sha}/comments",
}

HOOK: Templates = {
    "url": "/repos/{repo}/hooks/{id}",
    "test_url": "/repos/{repo}/hooks/{id}/test",
    "ping_url": "/repos/{repo}/hooks/{id}/pings",
    "deliveries_url": "/repos/{repo}/hooks/{id}/deliveries",
}

FILE: Templates = {
    "url": "/repos/{repo}/contents/{path}?ref={ref}",
    "git_url": "/repos/{repo}/git/{kind}s/{sha}",
    "html_url": "/{repo}/{kind}/{ref}/{path}",
}

DIFF_ENTRY: Templates = {
    "blob_url": "/{repo}/blob/{ref}/{path}",
    "raw_url": "/{repo}/raw/{ref}/{path}",
    "contents_url": "/repos/{repo}/contents/{path}?ref={ref}",
}

INSTALLATION: Templates = {
    "access_tokens_url": "/app/installations/{id}/access_tokens",
    "repositories_url": "/installation/repositories",
    "html_url": "/settings/installations/{id}",
}


def fill(root: str, templates: Templates, **values: object) -> dict[str, str]:
    return {name: root + template.format_map(values) for name, template in templates.items()}
