import {readdirSync, readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import type {Match} from '../../src/steps/compiler.ts';
import {steps} from '../../src/steps/steps.ts';

const folder = new URL('../../src/steps/', import.meta.url);
const sources = readdirSync(folder)
	.map(name => readFileSync(new URL(name, folder), 'utf8'))
	.join('\n');
const ids = steps.map(step => step.id).join('|');

/** `toolchain.${difference}-differs` is put together from these. */
const differences: readonly Extract<Match, {fits: false}>['difference'][] = [
	'number',
	'commit',
	'date',
	'vendor',
	'hash'
];

const reasons = new Set([
	...Array.from(sources.matchAll(new RegExp(`'((?:${ids})\\.[a-z]+(?:-[a-z]+)*)'`, 'g')), match => match[1] ?? ''),
	...differences.map(difference => `toolchain.${difference}-differs`),
	// given by the walk to any step
	'STEP.waits',
	'STEP.failed'
]);

const page = readFileSync(new URL('../../docs/reasons.md', import.meta.url), 'utf8');
const sections = new Map(
	page
		.split(/^## /m)
		.slice(1)
		.map(section => [section.slice(0, section.indexOf('\n')), section] as const)
);

describe('docs/reasons.md', () => {
	test('reasons were found at all', () => {
		expect(reasons.size).toBeGreaterThan(40);
	});

	test('has a section for every reason, and none for a reason that is gone', () => {
		expect([...sections.keys()].sort()).toEqual([...reasons].sort());
	});

	test.each([...sections])('%s: means, why, do', (_reason, section) => {
		expect(section.match(/^\*\*(?:Means|Why|Do):\*\* \S/gm)).toHaveLength(3);
	});
});

test('every reason is given by a test of its step', () => {
	const tests = readdirSync(new URL('.', import.meta.url))
		.filter(name => name.endsWith('.test.ts') && !name.startsWith('reasons'))
		.map(name => readFileSync(new URL(name, import.meta.url), 'utf8'))
		.join('\n');
	expect([...reasons].filter(reason => !reason.startsWith('STEP.') && !tests.includes(reason))).toEqual([]);
});
