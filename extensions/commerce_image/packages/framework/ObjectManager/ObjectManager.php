<?php

declare(strict_types=1);

namespace Magento\Framework\ObjectManager;

use Magento\Framework\ObjectManager\Factory\AbstractFactory;
use Magento\Framework\ObjectManagerInterface;

class ObjectManager implements ObjectManagerInterface
{
    /**
     * @param array<class-string, object> $sharedInstances
     */
    public function __construct(
        private readonly AbstractFactory $factory,
        private readonly ConfigInterface $config,
        private array $sharedInstances = [],
    ) {
        $this->sharedInstances[ObjectManagerInterface::class] = $this;
        $factory->setObjectManager($this);
    }

    public function get(string $type): object
    {
        $type = $this->config->getPreference(ltrim($type, '\\'));

        return $this->sharedInstances[$type] ??= $this->factory->create($type);
    }

    public function create(string $type, array $arguments = []): object
    {
        return $this->factory->create($this->config->getPreference(ltrim($type, '\\')), $arguments);
    }

    public function loadArea(string $area): void
    {
        $this->config->loadArea($area);
    }
}
