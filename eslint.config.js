import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import importX, { createNodeResolver } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';
import { mayImport, refusals } from './tools/boundaries/boundaries.js';

const SOURCES = ['packages/*/{src,e2e,bench,scripts}/**/*.ts', 'tools/**/*.ts'];
const CONFIGS = ['**/*.config.{js,ts}'];
const TESTS = ['**/*.test.ts', '**/e2e/**/*.ts'];

export default defineConfig(
  globalIgnores(['**/dist/', '**/.test-results/', '**/coverage/', '.nx/']),
  js.configs.recommended,
  // Control characters are what a reader of hostile input looks for.
  { rules: { 'no-control-regex': 'off' } },

  {
    name: 'xlfs/types',
    files: SOURCES,
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // A function that promises must be `async` to throw as a rejection, whether it awaits or not.
      '@typescript-eslint/require-await': 'off',
      // `String(cause)` of an unknown is what error messages are made of.
      '@typescript-eslint/no-base-to-string': 'off',
    },
  },
  {
    name: 'xlfs/configs',
    files: CONFIGS,
    extends: [tseslint.configs.base],
  },

  {
    name: 'xlfs/imports',
    files: [...SOURCES, 'tools/**/*.js'],
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.js'] })],
      'import-x/extensions': ['.ts', '.js'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
      // Packages see each other as consumers do: their built files are not walked.
      'import-x/external-module-folders': ['node_modules', 'packages'],
      'import-x/internal-regex': '^\\.',
    },
    rules: {
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'import-x/no-self-import': 'error',
      'import-x/no-default-export': 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportAllDeclaration', message: 'Name what is public: a barrel is a short list of named exports.' },
      ],
    },
  },
  {
    name: 'xlfs/tests never pass by skipping',
    files: TESTS,
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'MemberExpression[object.name=/^(it|test|describe)$/][property.name=/^(skip|only|todo|skipIf|runIf)$/]',
          message: 'Every test runs: what it lacks is installed by the set-up, or it fails and says so.',
        },
      ],
    },
  },
  {
    name: 'xlfs/only the ui prints',
    files: ['packages/*/src/**/*.ts'],
    ignores: ['packages/cli/src/ui/**', 'packages/cli/src/bin.ts', ...TESTS],
    rules: { 'no-console': 'error' },
  },

  ...Object.keys(mayImport).map((name) => ({
    name: `xlfs/boundaries of ${name}`,
    files: [`packages/${name}/**/*.ts`],
    rules: { 'no-restricted-imports': ['error', { patterns: refusals(name) }] },
  })),
);
