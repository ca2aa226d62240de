import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {plainStage} from '../../src/plain/stage.ts';
import {fakeStage} from '../actions/fake-stage.ts';

beforeEach(() => void vi.useFakeTimers({toFake: ['performance']}));
afterEach(() => void vi.useRealTimers());

/** A plain stage, and what it said. */
function listen() {
	const said = {answers: [] as string[], remarks: [] as string[]};
	const {reader, runner, remember, signal} = fakeStage().stage;
	const stage = plainStage({
		reader,
		runner,
		remember,
		signal,
		mayAsk: () => false,
		voice: {say: text => said.answers.push(text), remark: text => said.remarks.push(text)}
	});
	return {...said, progress: (text: string, more = {}) => stage.emit({kind: 'progress', text, ...more})};
}

test('progress is a remark, one line a second at most, the first at once', () => {
	const {answers, remarks, progress} = listen();
	for (let tenth = 0; tenth < 25; tenth++) {
		progress(`part ${tenth}`);
		vi.advanceTimersByTime(100);
	}
	expect(remarks).toEqual(['part 0\n', 'part 10\n', 'part 20\n']);
	expect(answers).toEqual([]);
});

test('how much of it is done stands behind it, where that is known', () => {
	const {remarks, progress} = listen();
	progress('downloading', {done: 1, total: 3});
	vi.advanceTimersByTime(1000);
	progress('installing', {total: 0, done: 0});
	expect(remarks).toEqual(['downloading (33 %)\n', 'installing\n']);
});
