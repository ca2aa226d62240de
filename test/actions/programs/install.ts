// install.ts FOLDER NAME...: performs the installation of packages on this terminal, without a screen, and says how it ended.
import {performAll} from '../../../src/actions/perform.ts';
import {createLocalReader} from '../../../src/machine/reader.ts';
import {createLocalRunner} from '../../../src/machine/runner.ts';
import {plainStage} from '../../../src/plain/stage.ts';

const [folder = '', ...names] = process.argv.slice(2);
const reader = createLocalReader();
const cancelling = new AbortController();
process.on('SIGINT', () => {
	console.log('[heard Ctrl-C]');
	cancelling.abort();
});
const outcome = await performAll(
	[{kind: 'install-packages', install: {names, folder}}],
	plainStage({
		reader,
		runner: createLocalRunner(reader),
		remember: async memos => {
			console.log(`[remembers ${JSON.stringify(memos)}]`);
			return undefined;
		},
		voice: {say: text => void process.stdout.write(text), remark: text => void process.stdout.write(text)},
		signal: cancelling.signal,
		mayAsk: () => process.stdin.isTTY === true
	})
);
const said =
	outcome.kind === 'failed'
		? {
				kind: outcome.kind,
				title: outcome.trouble.title,
				exit: outcome.trouble.exit,
				failures: outcome.trouble.failures.map(one => one.id)
			}
		: outcome;
console.log(`[ended ${JSON.stringify(said)}]`);
