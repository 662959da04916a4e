import type { FakeDeployKey, FakeRepository } from '@gatehouse/connectors/github/fake';
import { githubLogin, githubMembers } from './github-people.ts';
import type { LabOrganisation } from './organisation.ts';

const protectedWell = {
  enforce_admins: { enabled: true },
  required_pull_request_reviews: {
    required_approving_review_count: 1,
    dismiss_stale_reviews: true,
    require_code_owner_reviews: false,
  },
  required_status_checks: { strict: true, contexts: ['build'] },
  allow_force_pushes: { enabled: false },
  allow_deletions: { enabled: false },
};

/** About 120 repositories: most protected, some not, some only for those who are not administrators. */
export const githubRepositories = (lab: LabOrganisation): FakeRepository[] => {
  const dice = lab.dice('github repositories');
  const members = githubMembers(lab);
  return nouns.flatMap((noun, index) =>
    kinds.map((kind, number): FakeRepository => {
      const place = index * kinds.length + number;
      const visibility = place % 17 === 3 ? 'public' : place % 5 === 0 ? 'internal' : 'private';
      const drawn = dice.between(1, 100);
      const person = members[dice.between(0, members.length - 1)];
      return {
        id: 50_000 + place,
        name: `${noun}-${kind}`,
        description: `The ${kind} of ${noun}.`,
        visibility,
        archived: drawn > 93,
        defaultBranch: drawn % 7 === 0 ? 'master' : 'main',
        createdAt: lab.ago(dice.between(200, 2_800)),
        pushedAt: lab.ago(dice.between(0, 200)),
        security: {
          secret_scanning: drawn % 4 === 0 ? 'disabled' : 'enabled',
          secret_scanning_push_protection: drawn % 3 === 0 ? 'disabled' : 'enabled',
        },
        collaborators: [
          ...(person === undefined ? [] : [{ login: githubLogin(person), role: drawn % 6 === 0 ? 'admin' : 'write' }]),
          ...(place % 9 === 0
            ? [{ login: `contractor-${outsider(place)}`, role: place % 27 === 0 ? 'admin' : 'write' }]
            : []),
        ],
        deployKeys: place % 6 === 0 ? [deployKey(lab, place, drawn)] : [],
        webhooks:
          place % 8 === 0
            ? [
                {
                  id: 70_000 + place,
                  url: `https://ci.meridianfreight.example/hooks/${noun}`,
                  hasSecret: drawn % 2 === 0,
                  insecureSsl: place % 32 === 0,
                  createdAt: lab.ago(600),
                },
              ]
            : [],
        ...(drawn <= 62
          ? {
              protection:
                drawn <= 12
                  ? { ...protectedWell, enforce_admins: { enabled: false } }
                  : drawn <= 20
                    ? { ...protectedWell, required_pull_request_reviews: undefined }
                    : protectedWell,
            }
          : {}),
        environments:
          kind === 'service'
            ? [
                {
                  id: 80_000 + place,
                  name: 'production',
                  reviewers: drawn % 3 === 0 ? 0 : 2,
                  createdAt: lab.ago(500),
                  secrets: [{ name: 'AWS_DEPLOY_ROLE', createdAt: lab.ago(480), updatedAt: lab.ago(480) }],
                },
              ]
            : [],
        secrets:
          kind === 'service' ? [{ name: 'NPM_TOKEN', createdAt: lab.ago(700), updatedAt: lab.ago(drawn * 6) }] : [],
        workflowToken: drawn % 5 === 0 ? 'write' : 'read',
      };
    }),
  );
};

const deployKey = (lab: LabOrganisation, place: number, drawn: number): FakeDeployKey => ({
  id: 60_000 + place,
  title: place % 12 === 0 ? 'jenkins' : 'argocd',
  key: `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${String(place).padStart(43, 'L')}`,
  readOnly: place % 12 !== 0,
  createdAt: lab.ago(100 + drawn * 9),
  ...(drawn % 2 === 0 ? { lastUsedAt: lab.ago(drawn) } : {}),
  addedBy: 'meridian-release-bot',
});

const outsider = (place: number) =>
  'kestrel larch moss otter plover rowan sorrel teal wren yarrow'.split(' ')[place % 10];
const kinds = ['service', 'web', 'jobs', 'schema', 'infrastructure'];
const nouns =
  'billing booking carriers customs dispatch fleet identity invoicing loyalty maps manifests notifications orders partners payments pricing routing search shipments telemetry tracking users vehicles warehouse'.split(
    ' ',
  );
