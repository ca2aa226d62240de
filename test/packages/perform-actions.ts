import {readFileSync} from 'node:fs';
import {performAll} from '../../src/actions/perform.ts';
import {agreedBeforehand} from '../../src/commands/perform.ts';
import {createLocalReader} from '../../src/machine/reader.ts';
import {createLocalRunner} from '../../src/machine/runner.ts';
import type {Agreement, RecipeQuestion} from '../../src/model/recipe.ts';
import type {Action, Memo} from '../../src/model/step.ts';
import type {ActionEvent} from '../../src/model/walk.ts';

/**
 * Performs the actions in the file that is named first, as whoever runs it, and prints what was said, asked and remembered and how
 * it ended. Questions are answered by the second argument: `yes`, `no`, or as `--yes` does, with `--reviewed` as the third.
 */
const [file = '', manner = 'no', reviewed] = process.argv.slice(2);
const actions = JSON.parse(readFileSync(file, 'utf8')) as readonly Action[];
const events: (ActionEvent & {readonly at: number})[] = [];
const asked: RecipeQuestion[] = [];
const memos: Memo[] = [];
const cancelling = new AbortController();
process.on('SIGUSR2', () => cancelling.abort());
const beforehand = agreedBeforehand({yes: true, ...(reviewed === undefined ? {} : {reviewed})});
const answer = async (question: RecipeQuestion): Promise<Agreement> =>
	manner === 'beforehand' ? beforehand(question) : {agreed: manner === 'yes'};
const reader = createLocalReader();
const outcome = await performAll(actions, {
	reader,
	runner: createLocalRunner(reader),
	handOver: undefined,
	emit(event) {
		events.push({...event, at: performance.now()});
		if (event.kind === 'phase') process.stderr.write(`${event.text}\n`);
	},
	signal: cancelling.signal,
	watched: undefined,
	async ask(question) {
		asked.push(question);
		return answer(question);
	},
	async remember(some) {
		memos.push(...some);
		return undefined;
	}
});
process.stdout.write(JSON.stringify({outcome, asked, memos, events}));
