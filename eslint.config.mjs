import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const maxLen = (code) => ['error', { code, ignoreUrls: true, ignoreStrings: true, ignoreTemplateLiterals: true, ignoreRegExpLiterals: true }];

/** Rules that need no types, for all code. */
const everywhere = {
  'eqeqeq': 'error',
  'max-len': maxLen(160),
  'no-constant-binary-expression': 'error',
  'no-eval': 'error',
  'no-fallthrough': 'error',
  'no-implied-eval': 'error',
  'no-unsafe-finally': 'error',
  'no-var': 'error',
  'object-shorthand': 'error',
  'prefer-const': 'error',
};

export default defineConfig(
  globalIgnores(['dist/', 'assets/', 'build/', '.cache/', '**/cdk.out/', 'test-results/', 'coverage/', '.venv/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    // Plain JavaScript that runs before anything is compiled: no types.
    files: ['**/*.mjs'],
    rules: { ...everywhere, 'no-unused-vars': 'error' },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { project: 'tsconfig.dev.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      ...everywhere,
      // A type annotation with `import()` names a module that is loaded on use.
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      // Enums come back from JSON files and from other languages as strings, and cdk-nag's are read without loading it.
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
      // cdk-nag takes longer to load than the library: it is required when the checks are added.
      '@typescript-eslint/no-require-imports': ['error', { allow: ['^cdk-nag$'] }],
      // Leaving a field out is what a rest sibling is for.
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      // An async method without await turns what it throws into a rejection, as its port promises.
      '@typescript-eslint/require-await': 'off',
      // A written default counts: it is where an unknown value is treated as the strictest one.
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    files: ['lib/**/*.ts'],
    rules: {
      'max-len': maxLen(140),
      'no-restricted-syntax': ['error', { selector: 'ExportDefaultDeclaration', message: 'Export by name: jsii has no default exports.' }],
    },
  },
  {
    // Template values are JSON of any shape: what is not a text becomes one for comparison and for messages.
    files: ['lib/assurance/template/**/*.ts'],
    rules: { '@typescript-eslint/no-base-to-string': 'off' },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // Resolved template values are JSON of any shape.
      '@typescript-eslint/no-base-to-string': 'off',
      // The matchers of vitest (`expect.any`) are typed so.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      // Methods are taken from prototypes to be spied on.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    // Not part of a project: it would pull the other configuration in twice.
    files: ['vitest.long.config.mts'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { parserOptions: { project: false } },
    rules: { '@typescript-eslint/switch-exhaustiveness-check': 'off' },
  },
);
