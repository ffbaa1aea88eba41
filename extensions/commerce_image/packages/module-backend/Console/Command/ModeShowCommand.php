<?php

declare(strict_types=1);

namespace Magento\Backend\Console\Command;

use Magento\Framework\App\State;
use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Output\OutputInterface;

class ModeShowCommand extends Command
{
    public function __construct(private readonly State $state)
    {
        parent::__construct('deploy:mode:show');
        $this->setDescription('Displays current application mode.');
    }

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        $note = '(Note: Environment variables may override this value.)';
        $output->writeln("Current application mode: {$this->state->getMode()}. $note");

        return self::SUCCESS;
    }
}
