// Loads test files into one process, one after the other: `node load-files.mjs FILE …`. Not by `node --test`, since
// what a test forks would inherit the flag, and be a test runner instead of what it is.
import { resolve } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

for (const file of process.argv.slice(2))
  try {
    await import(pathToFileURL(resolve(file)).href);
  } catch (error) {
    test(`${file} can be loaded`, () => {
      throw error;
    });
  }
