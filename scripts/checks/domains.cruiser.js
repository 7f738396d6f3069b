// Domains may need each other in one direction only. The platform is left out: its merged router knows them all.

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'domains-form-no-circle',
      severity: 'error',
      scope: 'folder',
      from: { path: '^src/lib/[^/]+$' },
      to: { circular: true }
    }
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^src/lib/(platform|ui)/' },
    // Types are gone when the program runs.
    tsPreCompilationDeps: false,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['svelte', 'import', 'node', 'default']
    }
  }
};
