<?php

declare(strict_types=1);

namespace Magento\CloudPatches\Command;

use Magento\CloudPatches\Catalogue;
use Magento\CloudPatches\Log;
use Magento\CloudPatches\Patch;
use Magento\CloudPatches\PatchException;
use Magento\CloudPatches\PatchRunner;
use Magento\CloudPatches\StatusReader;
use Magento\CloudPatches\Store;
use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Helper\QuestionHelper;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Output\OutputInterface;
use Symfony\Component\Console\Question\ConfirmationQuestion;

/** What apply and revert have in common. */
abstract class ChangeCommand extends Command
{
    protected const ARGUMENT = 'list-of-patches';

    public function __construct(
        protected readonly Store $store,
        protected readonly Catalogue $catalogue,
        protected readonly StatusReader $statusReader,
        protected readonly PatchRunner $runner,
        protected readonly Log $log,
    ) {
        parent::__construct();
    }

    /** @throws PatchException */
    abstract protected function change(InputInterface $input, OutputInterface $output): void;

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        try {
            $this->store->requireComposer();
        } catch (PatchException $e) {
            $output->writeln($e->getMessage(), OutputInterface::OUTPUT_RAW);

            return self::FAILURE;
        }
        try {
            $this->change($input, $output);
        } catch (PatchException $e) {
            $this->log->error($e->getMessage());
            $output->writeln([$this->store->describe(), $e->getMessage()], OutputInterface::OUTPUT_RAW);

            return self::FAILURE;
        }

        return self::SUCCESS;
    }

    /**
     * Without interaction the answer is yes.
     *
     * @throws PatchException when the user declines
     */
    protected function confirm(string $question, InputInterface $input, OutputInterface $output): void
    {
        if (!$input->isInteractive()) {
            return;
        }
        $helper = $this->getHelper('question');
        assert($helper instanceof QuestionHelper);
        if (!$helper->ask($input, $output, new ConfirmationQuestion("$question [y/N] ", false))) {
            throw new PatchException('Nothing was changed.');
        }
    }

    protected function report(Patch $patch, string $done, OutputInterface $output): void
    {
        $message = "Patch $patch->id has been $done";
        $this->log->info($message);
        $output->writeln([$message, $patch->describe(), ''], OutputInterface::OUTPUT_RAW);
    }
}
