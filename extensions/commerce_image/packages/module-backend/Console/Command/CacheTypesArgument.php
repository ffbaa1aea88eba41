<?php

declare(strict_types=1);

namespace Magento\Backend\Console\Command;

use InvalidArgumentException;
use Magento\Framework\App\Cache\Manager;
use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Input\InputArgument;
use Symfony\Component\Console\Input\InputInterface;

/**
 * The cache types that a command is for: those that are named, or all.
 */
class CacheTypesArgument
{
    private const NAME = 'types';

    public function __construct(private readonly Manager $cacheManager)
    {
    }

    public function addTo(Command $command): void
    {
        $description = 'Space-separated list of cache types or omit to apply to all cache types.';
        $command->addArgument(self::NAME, InputArgument::IS_ARRAY, $description);
    }

    /**
     * @return list<string>
     * @throws InvalidArgumentException
     */
    public function read(InputInterface $input): array
    {
        $available = $this->cacheManager->getAvailableTypes();
        $named = $input->getArgument(self::NAME);
        $unknown = array_diff($named, $available);
        if ($unknown !== []) {
            throw new InvalidArgumentException(sprintf(
                "The following requested cache types are not supported: '%s'.\nSupported types: %s",
                implode("', '", $unknown),
                implode(', ', $available),
            ));
        }

        return $named ?: $available;
    }
}
