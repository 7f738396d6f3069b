// Who may depend on whom: model ← schema ← reads ← commands ← router ← platform/trpc/router ← hooks and pages,
// and commands, reads ← workers.
const DOMAIN = '^src/lib/(?!platform/|ui/)[^/]+/';

/** A layer of a domain: its file, or the folder it was split into. */
const layer = (...names) => `${DOMAIN}(${names.join('|')})(\\.server\\.ts$|\\.ts$|/)`;

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-circle',
      comment: 'Files that need each other are one file, or lack a third that both need.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } }
    },
    {
      name: 'matchers-are-light',
      comment:
        'Every page loads the matchers of all addresses first; a schema library there is 25 kB for everybody.',
      severity: 'error',
      from: { path: '^src/params/' },
      to: { path: 'node_modules/zod', reachable: true }
    },
    {
      name: 'model-knows-nothing-above',
      severity: 'error',
      from: { path: layer('model') },
      to: { path: layer('schema', 'reads', 'commands', 'router', 'jobs') }
    },
    {
      name: 'schema-knows-nothing-above',
      severity: 'error',
      from: { path: layer('schema') },
      to: { path: layer('reads', 'commands', 'router', 'jobs') }
    },
    {
      name: 'reads-do-not-command',
      severity: 'error',
      from: { path: layer('reads') },
      to: { path: layer('commands', 'router') }
    },
    {
      name: 'commands-know-no-router',
      severity: 'error',
      from: { path: layer('commands', 'jobs') },
      to: { path: layer('router') }
    },
    {
      name: 'routers-meet-in-one-place',
      comment: 'Only the merged router knows the routers of the domains.',
      severity: 'error',
      from: { pathNot: '^(src/lib/platform/trpc/router\\.server\\.ts$|tests/)' },
      to: { path: layer('router') }
    },
    {
      name: 'platform-knows-no-domain',
      severity: 'error',
      from: {
        path: '^src/lib/platform/',
        pathNot: '^src/lib/platform/(trpc/router|db/relations)\\.server\\.ts$'
      },
      to: { path: DOMAIN }
    },
    {
      name: 'ui-knows-no-domain',
      severity: 'error',
      from: { path: '^src/lib/ui/' },
      to: { path: `${DOMAIN}|\\.server\\.ts$`, dependencyTypesNot: ['type-only'] }
    },
    {
      name: 'pages-ask-procedures',
      comment: 'Pages read and write through the caller; what they may share with the server are models.',
      severity: 'error',
      from: { path: '^src/(routes/|hooks)' },
      to: { path: layer('schema', 'reads', 'commands', 'router', 'jobs'), dependencyTypesNot: ['type-only'] }
    },
    {
      name: 'browser-code-stays-clean',
      comment: 'A .server file may hold what must not be shipped.',
      severity: 'error',
      from: {
        path: '^src/.*\\.(svelte|ts)$',
        pathNot: '\\.server\\.ts$|/\\+server\\.ts$'
      },
      to: { path: '\\.server\\.ts$', dependencyTypesNot: ['type-only'] }
    },
    {
      name: 'workers-command-and-read',
      severity: 'error',
      from: { path: '^workers/' },
      to: { path: `${layer('router')}|^src/routes/|^src/lib/platform/trpc/|\\.svelte$` }
    },
    {
      name: 'application-stands-alone',
      severity: 'error',
      from: { path: '^(src|workers)/' },
      to: { path: '^(scripts|tests|bench)/' }
    },
    {
      name: 'bootstrap-needs-nothing-installed',
      severity: 'error',
      from: { path: '^scripts/[^/]+\\.js$' },
      to: { dependencyTypesNot: ['core', 'local'] }
    },
    {
      name: 'production-needs-no-development-package',
      comment: 'Workers and scripts run from source in an image without development packages.',
      severity: 'error',
      from: {
        path: '^(workers/|scripts/(start|embedded|web|prepare|migrate|db-)|src/lib/(?!ui/|platform/trpc/)[^/]+/.*\\.server\\.ts$)'
      },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] }
    },
    {
      name: 'no-missing-module',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^\\$app/|/\\$types$|^svelte/action$' }
    }
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(build|\\.svelte-kit)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['svelte', 'import', 'node', 'default']
    }
  }
};
