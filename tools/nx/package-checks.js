import { dirname } from 'node:path';

/**
 * Nx plugin: gives each package the checks that need no line in its package.json.
 *
 * - `format`: prettier agrees with every file.
 * - `publint`: package.json and the packed files fit each other.
 * - `attw`: types resolve for ESM consumers (are the types wrong?).
 *
 * @type {[string, import('nx/src/devkit-exports').CreateNodesFunction]}
 */
export const createNodes = [
  'packages/*/package.json',
  (files) => files.map((file) => [file, { projects: { [dirname(file)]: { targets: checks(dirname(file)) } } }]),
];

function checks(/** @type {string} */ cwd) {
  const run = (/** @type {string} */ command, /** @type {object} */ more) => ({
    executor: 'nx:run-commands',
    cache: true,
    options: { command, cwd },
    ...more,
  });
  const packed = { dependsOn: ['build'], inputs: ['{projectRoot}/**/*', '^production', 'sharedGlobals'] };
  return {
    format: run('prettier --check --ignore-path ../../.prettierignore .', {
      inputs: ['{projectRoot}/**/*', '{workspaceRoot}/.prettierrc.json', '{workspaceRoot}/.prettierignore'],
    }),
    publint: run('publint --strict', packed),
    attw: run('attw --pack . --profile esm-only', packed),
  };
}
