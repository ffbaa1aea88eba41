<?php

declare(strict_types=1);

namespace Magento\Framework\ObjectManager\Factory;

/**
 * Wires by position, as generated/metadata says, without a look at the constructor.
 *
 * A class that the metadata does not know gets what it is given, and nothing else.
 */
class Compiled extends AbstractFactory
{
    protected function getArguments(string $type, array $given): array
    {
        return $this->config->getArguments($type) ?? array_map(fn (): array => ['_vn_' => true], $given);
    }
}
