import tseslint from 'typescript-eslint';

/** Bindings' barrels cost seconds and gigabytes: see docs/adr/0004. */
const noBarrel = {
  regex: '^@cdkt[fn]/provider-[a-z-]+(/lib)?/?$',
  message: "import one resource: '@cdktf/provider-aws/lib/vpc'. A barrel costs seconds and gigabytes.",
};
const layer = (regex, message) => ({ regex, message });
/** `@cdktf/hcl2json` is a parser of HCL and has no constructs. */
const noCdktf = layer('^(cdkt[fn]|constructs|@cdkt[fn]/(?!hcl2json$).*)$', 'this layer is plain data: no cdktf here.');
const down = 'imports go down only: stacks -> blueprints -> policy; review -> policy.';
const above = (...folders) => layer(`(^|/)(${folders.join('|')})(/|$)`, down);

/** One rule per folder; `patterns` replace each other between blocks, so each block lists all of its own. */
const imports = (files, ...patterns) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns: [noBarrel, ...patterns] }] },
});

const clouds = ['aws', 'google', 'azure'];

export default tseslint.config(
  { ignores: ['node_modules/', 'cdktf.out/', '.cache/', 'coverage/'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts', '**/*.mjs'],
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_$', ignoreRestSiblings: true }],
      '@typescript-eslint/no-explicit-any': 'error',
      eqeqeq: 'error',
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
    },
  },
  imports(['**/*.ts']),
  imports(['blueprints/*.ts'], above('stacks', 'providers', 'cli', 'review', 'test', 'kubernetes', ...clouds)),
  imports(['blueprints/policy/**/*.ts'], noCdktf, above('stacks', 'providers', 'cli', 'review', 'test', ...clouds), layer('^\\.\\./(?!policy/)', down)),
  ...clouds.map((cloud) => {
    const others = clouds.filter((other) => other !== cloud);
    return imports(
      [`blueprints/${cloud}/**/*.ts`],
      above('stacks', 'providers', 'cli', 'review', 'test', 'kubernetes', ...others),
      layer(`^@cdkt[fn]/provider-(?!${cloud === 'azure' ? 'azurerm' : cloud}/)`, 'no cloud folder uses the bindings of another cloud.'),
    );
  }),
  imports(
    ['blueprints/kubernetes/**/*.ts'],
    above('stacks', 'providers', 'cli', 'review', 'test', ...clouds),
    layer('^@cdkt[fn]/provider-(?!kubernetes/)', 'policies inside a cluster are the same on every cloud: no bindings of a cloud here.'),
  ),
  imports(['providers/*.ts'], above('stacks', 'cli', 'review', 'test', ...clouds)),
  imports(['providers/offline/**/*.ts'], noCdktf, above('stacks', 'blueprints', 'cli', 'review', 'test')),
  imports(['stacks/**/*.ts'], above('cli', 'review', 'test')),
  imports(['review/**/*.ts'], noCdktf, above('stacks', 'providers', 'cli', 'test'), layer('blueprints/(?!policy/)', 'the review knows no blueprint but the policy model.')),
  // An observer that shares code with a blueprint would share its mistakes.
  imports(['test/contract/*.observer.ts', 'test/contract/observation.ts', 'test/contract/kubernetes/evaluator.ts'], noCdktf, above('blueprints', 'stacks', 'providers', 'cli')),
  { files: ['cli/**', 'test/**', 'stacks/main.ts'], rules: { 'no-console': 'off' } },
  { files: ['test/**/*.ts'], rules: { '@typescript-eslint/no-explicit-any': 'off', '@typescript-eslint/no-non-null-assertion': 'off' } },
);
