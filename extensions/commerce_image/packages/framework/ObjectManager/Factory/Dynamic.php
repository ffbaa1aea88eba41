<?php

declare(strict_types=1);

namespace Magento\Framework\ObjectManager\Factory;

use LogicException;
use ReflectionClass;

/**
 * Wires by what the constructor asks for, and by what the di.xml files say.
 */
class Dynamic extends AbstractFactory
{
    protected function getArguments(string $type, array $given): array
    {
        $class = new ReflectionClass($type);
        if (!$class->isInstantiable()) {
            throw new LogicException("Cannot create an object of $type: no preference says which class stands for it.");
        }

        return (new Constructor($class))->getArguments($this->config->getArguments($type) ?? [], $given);
    }
}
