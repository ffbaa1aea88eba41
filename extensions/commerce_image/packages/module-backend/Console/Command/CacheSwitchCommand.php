<?php

declare(strict_types=1);

namespace Magento\Backend\Console\Command;

use Magento\Framework\App\Cache\Manager;
use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Output\OutputInterface;

/**
 * cache:enable and cache:disable.
 */
abstract class CacheSwitchCommand extends Command
{
    public function __construct(
        private readonly Manager $cacheManager,
        private readonly CacheTypesArgument $typesArgument,
        private readonly bool $isEnabled,
    ) {
        parent::__construct($isEnabled ? 'cache:enable' : 'cache:disable');
        $this->setDescription($isEnabled ? 'Enables cache type(s)' : 'Disables cache type(s)');
        $typesArgument->addTo($this);
    }

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        $changed = $this->cacheManager->setEnabled($this->typesArgument->read($input), $this->isEnabled);
        if ($changed === []) {
            $output->writeln('There is nothing to change in cache status');

            return self::SUCCESS;
        }
        $output->writeln('Changed cache status:');
        foreach ($changed as $type) {
            $output->writeln(sprintf('%30s: %d -> %d', $type, !$this->isEnabled, $this->isEnabled));
        }
        $this->cacheManager->clean($changed);
        if ($this->isEnabled) {
            $output->writeln(['Cleaned cache types:', ...$changed]);
        }

        return self::SUCCESS;
    }
}
