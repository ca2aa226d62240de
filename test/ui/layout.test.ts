import {expect, test} from 'vitest';
import {type DecisionWants, decisionLayout, foldDone} from '../../src/ui/layout.ts';

const wants: DecisionWants = {
	full: 8,
	folded: 4,
	question: 3,
	evidence: 9,
	choices: 6,
	commands: 2,
	preview: 5,
	consequence: 2
};

const used = ({walk, question, evidence, choices, preview, consequence, gaps}: ReturnType<typeof decisionLayout>) =>
	1 + walk + question + evidence + choices + preview + consequence + gaps;

test('no layout is higher than the terminal less one row, and every one has a question, a choice and a command', () => {
	for (let rows = 5; rows < 80; rows++) {
		const layout = decisionLayout(rows, wants);
		expect(used(layout), `${rows} rows`).toBeLessThan(rows);
		expect(Math.min(layout.question, layout.choices, layout.preview), `${rows} rows`).toBeGreaterThan(0);
	}
});

test('more rows never show less of the question and the commands, nor fewer than five choices where they were there', () => {
	for (let rows = 5; rows < 80; rows++) {
		const [less, more] = [decisionLayout(rows, wants), decisionLayout(rows + 1, wants)];
		expect(more.choices, `${rows + 1} rows`).toBeGreaterThanOrEqual(Math.min(less.choices, 5));
		for (const part of ['question', 'preview'] as const)
			expect(more[part], `${part} in ${rows + 1} rows`).toBeGreaterThanOrEqual(less[part]);
	}
});

test('with room for everything, everything is there', () => {
	expect(decisionLayout(80, wants)).toMatchObject({
		walk: 8,
		question: 3,
		evidence: 9,
		choices: 6,
		preview: 5,
		consequence: 2,
		gaps: 4
	});
});

test('done steps fold into one row, others stay', () => {
	const items = [
		{id: 'machine', mark: 'done', text: 'x86_64'},
		{id: 'kernel', mark: 'done', text: '7.2.13'},
		{id: 'boot', mark: 'now', text: 'another kernel'}
	] as const;
	expect(foldDone(items)).toEqual([{id: 'machine', mark: 'done', text: 'kernel'}, items[2]]);
	expect(foldDone(items.slice(1))).toEqual(items.slice(1));
});
