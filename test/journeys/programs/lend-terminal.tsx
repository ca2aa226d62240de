import {render, Text, useApp} from 'ink';
import {useEffect, useState} from 'react';
import {Frame} from '../../../components/Frame.tsx';
import {useKeys} from '../../../components/use-keys.ts';
import {becomeRoot, type Stage} from '../../../src/actions/stage.ts';
import {createLocalReader} from '../../../src/machine/reader.ts';
import {createLocalRunner} from '../../../src/machine/runner.ts';
import type {Command} from '../../../src/model/command.ts';
import {lendTerminal} from '../../../src/ui/terminal.ts';

const rounds = Number(process.argv[2]);
const forget: Command = {
	argv: ['sudo', '-K'],
	as: 'user',
	terminal: 'captured',
	interrupt: 'group',
	why: 'for the next'
};
const wanted: Command = {...forget, argv: ['true'], as: 'root', why: 'shows that root can be had'};

/** Asks sudo for root as the wizard does, `argv[2]` times, with the ticket thrown away in between; keys that reach ink are counted. */
function Lending() {
	const {suspendTerminal, exit} = useApp();
	const [result, setResult] = useState({given: 0, refused: 0});
	const [stolen, setStolen] = useState('');
	useKeys((input, key) => setStolen(before => before + (key.return ? '<Enter>' : input)));
	useEffect(() => {
		const reader = createLocalReader();
		const runner = createLocalRunner(reader);
		const stage: Stage = {
			reader,
			runner,
			handOver: (reason, use) => lendTerminal(suspendTerminal, reason, use),
			emit() {},
			signal: new AbortController().signal,
			watched: undefined,
			remember: async () => undefined
		};
		const lend = async () => {
			for (let round = 0; round < rounds; round++) {
				await (await runner.run(forget)).exit;
				const {ok} = await becomeRoot(stage, wanted);
				setResult(({given, refused}) => ({given: given + (ok ? 1 : 0), refused: refused + (ok ? 0 : 1)}));
			}
			setTimeout(exit, 100);
		};
		void lend();
	}, [suspendTerminal, exit]);
	return (
		<Frame rows={24} columns={80}>
			<Text>{`given ${result.given} refused ${result.refused} stolen [${stolen}]`}</Text>
		</Frame>
	);
}

render(<Lending />, {exitOnCtrlC: false, interactive: true, patchConsole: false, incrementalRendering: true});
