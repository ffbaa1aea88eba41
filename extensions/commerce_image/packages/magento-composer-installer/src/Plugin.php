<?php

declare(strict_types=1);

namespace MagentoHackathon\Composer\Magento;

use Composer\Composer;
use Composer\EventDispatcher\EventSubscriberInterface;
use Composer\IO\IOInterface;
use Composer\Plugin\PluginInterface;
use Composer\Script\Event;
use Composer\Script\ScriptEvents;

/**
 * After every install, update and require: the base files go over the root's, whatever was changed there, and the
 * store is told to forget its generated code and caches at the next web request.
 */
final class Plugin implements PluginInterface, EventSubscriberInterface
{
    /** @return array<string, string> method by event */
    public static function getSubscribedEvents(): array
    {
        return [
            ScriptEvents::POST_INSTALL_CMD => 'deploy',
            ScriptEvents::POST_UPDATE_CMD => 'deploy',
        ];
    }

    public function deploy(Event $event): void
    {
        $composer = $event->getComposer();
        $vendor = $composer->getConfig()->get('vendor-dir');
        $baseFiles = new BaseFiles(dirname($vendor));
        foreach ($composer->getRepositoryManager()->getLocalRepository()->getPackages() as $package) {
            if ($package->getType() === 'magento2-component') {
                $folder = $composer->getInstallationManager()->getInstallPath($package);
                $baseFiles->deploy($folder, $package->getExtra()['map'] ?? []);
            }
        }
        $baseFiles->requestRegeneration();
    }

    public function activate(Composer $composer, IOInterface $io): void
    {
    }

    public function deactivate(Composer $composer, IOInterface $io): void
    {
    }

    public function uninstall(Composer $composer, IOInterface $io): void
    {
    }
}
