<?php

declare(strict_types=1);

namespace Magento\Framework\Component;

/**
 * Where modules and libraries lie. Each one's registration.php says so when the autoloader starts.
 */
class ComponentRegistrar
{
    public const MODULE = 'module';
    public const LIBRARY = 'library';

    /** @var array<string, array<string, string>> type => name => directory */
    private static array $paths = [self::MODULE => [], self::LIBRARY => []];

    public static function register(string $type, string $name, string $path): void
    {
        self::$paths[$type][$name] = $path;
    }

    /**
     * @return array<string, string> name => directory
     */
    public function getPaths(string $type): array
    {
        return self::$paths[$type];
    }
}
