<?php

declare(strict_types=1);

namespace Magento\Framework\App;

/**
 * The application's mode, and the area that this request or command belongs to.
 */
class State
{
    public const MODE_DEFAULT = 'default';
    public const MODE_DEVELOPER = 'developer';
    public const MODE_PRODUCTION = 'production';
    public const MODES = [self::MODE_DEFAULT, self::MODE_DEVELOPER, self::MODE_PRODUCTION];
    public const MODE_KEY = 'MAGE_MODE';

    private string $area = AreaList::GLOBAL;

    public function __construct(private readonly DeploymentConfig $deploymentConfig)
    {
    }

    public function getMode(): string
    {
        return getenv(self::MODE_KEY) ?: $this->deploymentConfig->get(self::MODE_KEY, self::MODE_DEFAULT);
    }

    public function getArea(): string
    {
        return $this->area;
    }

    public function setArea(string $area): void
    {
        $this->area = $area;
    }
}
