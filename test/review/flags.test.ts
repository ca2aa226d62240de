// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are bash
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {flagRules} from '../../src/review/flag.ts';
import {idsOf, reviewOf, root} from './recipes.ts';

const listed = flagRules.map(rule => [rule.id, rule] as const);

test('every id is there once', () => {
	const ids = flagRules.map(rule => rule.id);
	expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
	expect(ids.length).toBeGreaterThan(70);
});

const own: Readonly<Record<string, readonly string[]>> = {
	command: ['programs', 'arguments', 'also', 'unless'],
	text: ['pattern'],
	assignment: ['names'],
	code: []
};

test.each(listed)('%s has the shape of a rule', (_, rule) => {
	const keys = ['id', 'severity', 'look', 'why', 'samples', ...(own[rule.look] ?? [])];
	expect(Object.keys(rule).filter(key => !keys.includes(key))).toEqual([]);
	expect(rule.id).toMatch(/^[a-z]+\.[a-z0-9]+(-[a-z]+)*$/);
	expect(['red', 'amber']).toContain(rule.severity);
	expect(rule.why).toMatch(/^[A-Za-z.][^!]*\.$/);
	if (rule.look === 'command') expect(rule.programs.length).toBeGreaterThan(0);
	if (rule.look !== 'code') expect(rule.samples.length).toBeGreaterThan(0);
});

const samples = flagRules.flatMap(rule => rule.samples.map(sample => [rule.id, sample] as const));

describe('each sample raises its flag', () => {
	test.each(samples)('%s: %s', (id, sample) => {
		const inFunction = `build() {\n\t${sample}\n}\n`;
		expect(
			idsOf(reviewOf(sample.startsWith('source=') || sample.startsWith('depends=') ? sample : inFunction))
		).toContain(id);
	});

	test.each(samples)('but not as a comment, nor as what echo says: %s: %s', (id, sample) => {
		if (sample.includes('\n')) return;
		const said = sample.replaceAll("'", "'\\''");
		expect(idsOf(reviewOf(`# ${sample}\nbuild() {\n\tmake # ${sample}\n}\n`))).toEqual([]);
		// what a text itself says is looked at wherever it stands: hosts, secrets, blobs
		if (flagRules.find(rule => rule.id === id)?.look !== 'command') return;
		expect(
			reviewOf(`build() {\n\techo '${said}'\n}\n`).filter(flag => flag.id === id && id !== 'decode.printf')
		).toEqual([]);
	});
});

test('docs/review.md explains every flag', () => {
	const page = readFileSync(join(root, 'docs/review.md'), 'utf8');
	const sections = new Map(
		Array.from(page.matchAll(/^### (\S+) \((red|amber)\)\n\n([^\n]+)/gm), ([, id, severity, text]) => [
			id,
			{severity, text}
		])
	);
	expect([...sections.keys()].sort()).toEqual(flagRules.map(rule => rule.id).sort());
	for (const rule of flagRules)
		expect(sections.get(rule.id)).toEqual({severity: rule.severity, text: rule.why.replaceAll('*', '\\*')});
});
